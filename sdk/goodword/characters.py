"""Characters that one name is written with in two ways."""

from __future__ import annotations

from typing import Final

# Letters that Unicode does not take apart into a letter and its accent.
LETTERS: Final = str.maketrans(
    {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th"}
)

# A simplified character or another common form, then the one that Taiwan writes: the common
# surnames and the usual characters of given names, some 450.  Not the whole script, nor what only
# Japan writes: a rare character that is missing keeps two spellings of one name apart.
# Left out on purpose are characters that Taiwanese names are themselves written with
# (杰 云 丰 松 范 余 于 里 后 郁 岳 涂 勛 升 芸 佑): 王杰 is not 王傑.
_PAIRS: Final = """
    陈陳 张張 刘劉 黄黃 吴吳 杨楊 许許 郑鄭 谢謝 赖賴 叶葉 苏蘇 庄莊 吕呂 萧蕭 罗羅 简簡 钟鍾 卢盧
    赵趙 颜顏 孙孫 邓鄧 马馬 温溫 蓝藍 蒋蔣 纪紀 连連 冯馮 欧歐 汤湯 邹鄒 龚龔 严嚴 韩韓 陆陸 钱錢
    谭譚 骆駱 顾顧 万萬 饶饒 阙闕 贾賈 贺賀 龙龍 齐齊 乔喬 鲁魯 韦韋 聂聶 关關 鲍鮑 闻聞 邬鄔 缪繆
    窦竇 厉厲 储儲 单單 阎閻 车車 娄婁 宁寧 费費 谈談 华華 项項 毕畢 诸諸 应應 乐樂 习習 邝鄺 麦麥
    区區 谌諶 阳陽 郏郟 伟偉 强強 军軍 涛濤 丽麗 艳艷 静靜 红紅 兰蘭 凤鳳 莲蓮 贞貞 琼瓊 莹瑩 颖穎
    娇嬌 嫔嬪 贤賢 婵嬋 纯純 绮綺 绣繡 绢絹 纹紋 纬緯 维維 经經 绍紹 绪緒 继繼 续續 绫綾 绵綿 缘緣
    缇緹 纶綸 纲綱 约約 织織 络絡 线線 统統 缃緗 绿綠 练練 锦錦 锋鋒 锐銳 铭銘 钧鈞 钰鈺 铃鈴 银銀
    铁鐵 鉴鑑 镇鎮 镜鏡 铨銓 铮錚 锡錫 钦欽 钊釗 铠鎧 锺鍾 鸣鳴 鸿鴻 鹏鵬 鹤鶴 鸾鸞 鹃鵑 莺鶯 鹰鷹
    飞飛 骏駿 骥驥 骁驍 驰馳 骅驊 贝貝 贵貴 赞贊 赐賜 财財 宾賓 质質 资資 赛賽 顺順 预預 领領 颂頌
    颐頤 颢顥 频頻 颀頎 风風 诗詩 诚誠 谦謙 谊誼 语語 诺諾 谅諒 谨謹 议議 让讓 训訓 论論 诠詮 诏詔
    译譯 词詞 详詳 谕諭 谱譜 谚諺 诒詒 谋謀 认認 讯訊 证證 识識 调調 仪儀 伦倫 侨僑 优優 传傳 侠俠
    亿億 会會 学學 宝寶 实實 宽寬 宪憲 寿壽 尧堯 岚嵐 峥崢 岭嶺 屿嶼 嵘嶸 岗崗 岛島 巩鞏 师師 帅帥
    广廣 庆慶 庐廬 开開 弥彌 归歸 彦彥 忆憶 怀懷 恒恆 恺愷 悦悅 扬揚 择擇 挚摯 斋齋 无無 时時 昙曇
    显顯 晓曉 晔曄 晖暉 旸暘 权權 条條 来來 极極 枫楓 栋棟 树樹 标標 桦樺 桥橋 梦夢 楼樓 榄欖 欢歡
    汉漢 沣灃 沧滄 泽澤 洁潔 济濟 浓濃 润潤 涟漣 渊淵 渔漁 湾灣 滨濱 满滿 潇瀟 澜瀾 灵靈 灿燦 炜煒
    炼煉 烨燁 焕煥 烁爍 炽熾 烛燭 热熱 爱愛 狮獅 献獻 玛瑪 环環 现現 玮瑋 珑瓏 琏璉 瑶瑤 瑷璦 璎瓔
    玙璵 电電 画畫 畅暢 畴疇 盖蓋 监監 砚硯 硕碩 确確 礼禮 祯禎 祎禕 禄祿 禅禪 离離 积積 称稱 稳穩
    竞競 笃篤 笔筆 筝箏 签簽 箫簫 翘翹 翚翬 聪聰 联聯 肃肅 胜勝 艺藝 节節 芦蘆 苍蒼 苇葦 荣榮 荆荊
    获獲 蔼藹 蕴蘊 萝蘿 蔷薔 荟薈 荫蔭 荞蕎 观觀 规規 视視 觉覺 览覽 誉譽 轩軒 辉輝 辅輔 辽遼 达達
    运運 进進 远遠 逊遜 遥遙 迈邁 长長 门門 闯闖 闳閎 闵閔 闽閩 阅閱 阔闊 阶階 际際 隐隱 随隨 霁霽
    霭靄 韬韜 韵韻 骄驕 鱼魚 鲜鮮 龄齡 东東 业業 丛叢 临臨 举舉 义義 书書 亚亞 产產 亲親 仑侖 从從
    仓倉 兴興 养養 决決 净淨 凉涼 凯凱 击擊 则則 刚剛 创創 剑劍 劲勁 动動 励勵 劳勞 势勢 勋勳 医醫
    协協 卫衛 双雙 发發 叙敘 启啟 员員 响響 团團 园園 国國 图圖 圆圓 圣聖 坚堅 坛壇 奋奮 奖獎 娅婭
    将將 尔爾 尝嘗 台臺 峯峰 羣群 啓啟 眞真 爲為 为為 衞衛 顔顏 晋晉 淸清 呉吳 髙高 濶闊 栢柏 綉繡
    寳寶 冨富 豔艷
"""
CHARACTERS: Final = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
