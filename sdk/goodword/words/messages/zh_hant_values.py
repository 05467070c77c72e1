"""How values are written in Traditional Chinese, and what to do about a text in doubt."""

from typing import Final

VALUES: Final = {
    "language": "中文",
    "offer.amount_off": "現折 {amount}",
    "offer.percent_off": "{off} 折優惠",
    "offer.percent_off.odd": "{percent}% 折扣",
    "offer.whole": "一筆訂單免費",
    "offer.free_shipping": "免運優惠",
    "offer.free_product": "免費贈品",
    "reward.amount_off": "下次購物折抵 {amount}",
    "reward.percent_off": "下次購物 {off} 折優惠",
    "reward.percent_off.odd": "下次購物 {percent}% 折扣",
    "reward.whole": "下次購物免費",
    "reward.free_shipping": "下次購物免運",
    "reward.free_product": "免費贈品",
    "reward.store_credit": "購物金 {amount}",
    "reward.gift_card": "禮物卡 {amount}",
    "reward.points": "點數 {amount}",
    "reward.commission": "分紅 {amount}",
    "reward.thanks": "我們的感謝",
    "reward.amount_off.share": "朋友消費金額 {percent}% 的購物折抵",
    "reward.store_credit.share": "朋友消費金額 {percent}% 的購物金",
    "reward.gift_card.share": "朋友消費金額 {percent}% 的禮物卡",
    "reward.commission.share": "訂單金額 {percent}% 的分紅",
    "piece:percent_off": "下次訂單的折扣",
    "piece:free_shipping": "下次訂單免運",
    "piece:free_product": "一份免費商品",
    "days": "{count} 天",
    "days.one": "{count} 天",
    "day": "{year} 年 {month} 月 {day} 日",
    "months": "1 2 3 4 5 6 7 8 9 10 11 12",
    "tier": "推薦成功 {before} 位之後，您可獲得{reward}。",
    "tier.first": "第一位推薦成功之後，您可獲得{reward}。",
    "between_tiers": "",
    "yes": "是",
    "example.advocate": "小美",
}
# 不屬於任何推薦計畫的文字，只知道商店是誰。
_EVERYWHERE: Final = "這段文字適用於所有推薦計畫，請將它刪除。"
_GIVES: Final = (
    "{% if offer %}目前朋友{% if minimum %}消費滿 {{ minimum }} {% endif %}可享 {{ offer }}，"
    "推薦人{% if reward %}可獲得 {{ reward }}{% else %}會收到感謝{% endif %}。"
    "請改用欄位，內容就會一直正確。{% else %}" + _EVERYWHERE + "{% endif %}"
)
FINDINGS: Final = {
    "amount": "「{{ found }}」與推薦計畫不符。" + _GIVES,
    "percent": "「{{ found }}」與推薦計畫不符。" + _GIVES,
    "duration": "「{{ found }}」不是推薦計畫的期限。{% if offer %}目前"
    "{% if hold_days %}回饋保留 {{ hold_days }}{% else %}回饋不需保留{% endif %}"
    "{% if claim_days %}，朋友的優惠券效期 {{ claim_days }}{% endif %}"
    "{% if reward_days %}，回饋效期 {{ reward_days }}{% endif %}。"
    "請改用欄位，內容就會一直正確。{% else %}" + _EVERYWHERE + "{% endif %}",
    "date": "「{{ found }}」不是推薦計畫開始或結束的日期"
    "{% if ends %}（至 {{ ends }} 止）{% endif %}。"
    "{% if offer %}請改用 {% raw %}{{ ends }}{% endraw %}，內容就會一直正確。{% else %}"
    + _EVERYWHERE
    + "{% endif %}",
    "currency": "「{{ found }}」不是推薦計畫使用的幣別，請改用欄位。",
    "cash": "「{{ found }}」對員工承諾了現金。請改為表達感謝：收了錢的好話，別人比較不會相信。",
    "free": "「{{ found }}」不是推薦計畫給的。如果商店本來就對每個人都這樣，請不要寫進禮物裡。",
    "one_language": "這段文字只修改了 {{ found }}，這個語言仍是我們的預設文字，請一併修改。",
    "unknown_name": "「{{ found }}」無法填入，因此顯示的是我們的預設文字。請將它刪除。",
    "missing_name": "缺少欄位 {{ found }}，這段文字沒有它就沒有作用。",
    "asks_for_help": "「{{ found }}」像是在請人幫忙。請說朋友得到什麼：{{ advocate }} 送您的禮物。",
}
