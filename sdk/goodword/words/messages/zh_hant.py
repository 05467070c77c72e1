"""朋友與推薦人讀到的文字，台灣正體中文。

By channel, then by moment; the sections are those of `goodword.words.messages.en`.
"""

from typing import Final

from goodword.model.message import Channel

_HELLO: Final = "{% if advocate %}{{ advocate }} {% endif %}您好：\n\n"
_HOW: Final = "\n\n{{ how }}"
# 每一封邀請函都說明：地址由誰提供、這是什麼、如何拒絕。
_INVITED: Final = (
    "\n\n您的頁面有專屬連結、QR Code 與卡片：{{ link }}\n\n"
    "為什麼會收到這封信？{{ shop }} 的 {{ sender }} 提供了您的地址，"
    "邀請您把 {{ shop }} 的禮物分享給朋友。"
    "這封信只寄一次。如果不想再收到，按一下就好：{{ stop }}\n"
)

MESSAGES: Final = {
    Channel.ALL: {
        # The basic sentences; what stands here is ``{{ offer_line }}`` and so on elsewhere.
        "offer_line": "{% if minimum %}消費滿 {{ minimum }}，{% endif %}{{ offer }}",
        "terms": "{% if claim_days %}限{% if new_friends %}新客{% endif %}使用一次"
        "{% else %}{% if new_friends %}限新客使用{% else %}任一筆訂單皆可使用{% endif %}{% endif %}"
        "{% if minimum %}，單筆消費須滿 {{ minimum }}{% endif %}"
        "{% if ends %}，活動至 {{ ends }} 止{% endif %}"
        "{% if claim_days %}；領取後 {{ claim_days }}內有效{% endif %}。",
        "how": "把您的連結分享給朋友：朋友享有 {{ offer }}；朋友下單後，"
        "{% if reward %}您可獲得 {{ reward }}"
        "{% if hold_days %}，將於 {{ hold_days }}退貨期結束後發放{% endif %}"
        "{% else %}我們會向您致謝{% endif %}。"
        "{% if tiers %}{{ tiers }}{% endif %}",
    },
    Channel.PAGE: {
        # The friend's page.
        "friend.title": "{% if advocate %}{{ advocate }} 送您的禮物{% else %}朋友送您的禮物"
        "{% endif %}",
        "friend.greeting": "{% if advocate %}{{ advocate }} {% else %}您的朋友{% endif %}"
        "很喜歡 {{ shop }}，也為您準備了一份禮物：",
        "friend.gift": "{{ offer_line }}",
        "friend.button": "收下禮物",
        "friend.terms": "{{ terms }}",
        "friend.terms.shared": "{% if minimum %}單筆消費滿 {{ minimum }} 即可使用{% else %}"
        "不限消費金額{% endif %}{% if new_friends %}，限新客{% endif %}"
        "{% if ends %}，活動至 {{ ends }} 止{% endif %}。",
        "friend.email": "您的電子郵件",
        "friend.email.wrong": "這不像是電子郵件，請再看一次。",
        "friend.phone": "您的手機號碼",
        "friend.phone.wrong": "這不像是電話號碼，請連同國碼填寫，例如 +886 912 345 678。",
        "friend.contact": "只用於這份禮物，不會寄給您任何您沒要求的信。",
        "friend.again": "這個頁面開了一陣子，或是您的瀏覽器沒有保留 Cookie。請再按一次按鈕。",
        "friend.got.title": "禮物是您的了",
        "friend.got.text": "您的優惠券有效期限至 {{ when }}。",
        "friend.got.button": "帶著優惠券前往商店",
        "friend.coupon": "您的優惠券",
        "friend.coupon.type": "結帳時請輸入這組優惠券。",
        "friend.coupon.applied": "按下按鈕就會自動套用。",
        "friend.making": "商店正在準備這張優惠券，稍等一下就能使用。",
        "friend.making.look": "再看一次",
        "friend.code": "朋友的推薦碼",
        "friend.code.text": "按下按鈕就會帶著它。如果結帳時詢問推薦碼，請輸入這一組。",
        "friend.to_shop": "前往商店",
        "friend.not_yet.title": "這份禮物還沒開始",
        "friend.not_yet.text": "這份禮物{% if starts %}從 {{ starts }} {% else %}即將{% endif %}"
        "開始。請留著連結，到時候再來。",
        "friend.over.title": "這份禮物已經結束",
        "friend.over.text": "{{ shop }} 仍然歡迎您。不妨問問您的朋友，也許有新的禮物。",
        "friend.paused.title": "這份禮物暫時休息中",
        "friend.paused.text": "商店暫停了這份禮物；您手上的優惠券也一起休息，期限不變。"
        "商店隨時歡迎您。",
        "friend.code_ended.title": "這個連結已經失效",
        "friend.code_ended.text": "請向朋友要一個新的連結；商店隨時歡迎您。",
        "friend.own.title": "這是您自己的連結",
        "friend.own.text": "它是用來分享的：朋友透過它可享有 {{ offer }}。複製連結，傳給會喜歡 "
        "{{ shop }} 的朋友吧：",
        "friend.own.page": "到您的頁面，用按鈕分享",
        "friend.customer.ask": "您已經是 {{ shop }} 的顧客了嗎？",
        "friend.customer.title": "很高興再見到您",
        "friend.customer.text": "這份禮物是給 {{ shop }} 的新朋友的。您身邊也有還沒來過的朋友，"
        "把禮物分享給他們吧。",
        "friend.claimed.title": "您已經領取了",
        "friend.claimed.text": "您之前領過這份禮物，優惠券有效期限至 {{ when }}。",
        "friend.proofs": "大家怎麼說",
        "friend.proofs.testimonial": "閱讀更多",
        "friend.proofs.article": "閱讀文章",
        "friend.proofs.white_paper": "閱讀白皮書",
        # The advocate's page.
        "advocate.title": "{% if advocate %}{{ advocate }}，您好{% else %}您好{% endif %}",
        "advocate.text": "這是給您朋友的禮物：{{ offer_line }}。",
        "advocate.how": "{{ how }}",
        "advocate.not_live": "這份禮物目前無法領取；可以領取時，您的連結就會恢復。",
        "advocate.message": "您的訊息：可以自由修改",
        "advocate.message.use": "把這段話放進按鈕",
        "advocate.pass_on": "分享給朋友",
        "advocate.via.line": "用 LINE 分享",
        "advocate.via.facebook": "Facebook",
        "advocate.via.x": "X",
        "advocate.via.threads": "Threads",
        "advocate.via.linkedin": "LinkedIn",
        "advocate.via.whatsapp": "WhatsApp",
        "advocate.via.email": "電子郵件",
        "advocate.via.copy": "複製",
        "advocate.via.sheet": "其他 App",
        "advocate.copied": "已複製，貼到您想分享的地方吧。",
        "advocate.more": "更多方式",
        "advocate.link_alone": "Facebook 與 LinkedIn 只接受連結，請在那裡寫下您的話。",
        "advocate.link": "您的連結",
        "advocate.code": "您的推薦碼，可以口頭告訴朋友",
        "advocate.show": "QR Code 與卡片",
        "advocate.qr": "請朋友掃描，就會看到您的禮物。",
        "advocate.card": "您的推薦卡：禮物、推薦碼與 QR Code",
        "advocate.card.send": "可以傳送的圖片。另有：",
        "advocate.card.square": "方形，適合貼文",
        "advocate.card.printed": "A6，適合列印",
        # What a link shows before it is opened.
        "preview.title": "{% if advocate %}{{ advocate }} 送您的禮物{% else %}朋友送您的禮物"
        "{% endif %}：{{ offer }}",
        "preview.text": "{% if advocate %}{{ advocate }} {% else %}有位朋友{% endif %}"
        "為 {{ shop }} 說好話，也為您準備了一份禮物。",
    },
    Channel.MAIL: {
        # Thanks.
        "thanks.subject": "{% if advocate %}{{ advocate }}，{% endif %}謝謝您！",
        "thanks.body": "{% if advocate %}{{ advocate }} {% endif %}您好：\n\n"
        "謝謝您為我們說好話：剛剛有一位朋友用您的推薦碼 {{ code }} 下單了。\n\n"
        "{% if reward %}您的回饋正在路上；{% if hold_days %}退貨期一過{% else %}很快{% endif %}"
        "就會出現在您的 {{ shop }} 推薦頁面上。\n{% endif %}",
        # The friend's coupon, sent to them who asked for it.
        "coupon.subject": "{% if advocate %}{{ advocate }} 送您的禮物{% else %}您的禮物"
        "{% endif %}：{{ offer }}",
        "coupon.body": "您好：\n\n這是您在 {{ shop }} 的禮物：{{ offer }}。\n\n"
        "您的優惠券：{{ coupon }}\n有效期限：{{ when }}\n\n{{ terms }}\n\n"
        "前往商店：{{ link }}\n",
        # A reward that was granted.
        "reward.subject": "您的回饋：{{ amount }}",
        "reward.body": "{% if advocate %}{{ advocate }} {% endif %}您好：\n\n"
        "{% if hold_days %}退貨期已過，{% endif %}{{ amount }} 是您的了。謝謝您為我們說好話。\n\n"
        "立即使用：{{ link }}\n",
        # 邀請函：依收信人與商店的關係。
        "invitation.subject": "{{ shop }} 為您的朋友準備了禮物",
        "invitation.customer": _HELLO
        + "您認識 {{ shop }}，我們想謝謝您的每一句好話。"
        + _HOW
        + _INVITED,
        "invitation.employee": _HELLO
        + "您最了解 {{ shop }}，沒有人能說得比您更好。這不是任務：只在您本來就願意推薦的時候，"
        "把它分享出去就好。朋友享有 {{ offer }}，每一次我們都會向您致謝。" + _INVITED,
        "invitation.supplier": _HELLO
        + "您清楚 {{ shop }} 的用心，您的一句話對詢問您的人很有份量。"
        + _HOW
        + _INVITED,
        "invitation.partner": _HELLO
        + "您的客戶，也許正是 {{ shop }} 樂於服務的人。您介紹來的人，我們準備了一份禮物迎接。"
        + _HOW
        + _INVITED,
    },
    Channel.LINE: {
        # The Flex card that an advocate passes on, and thanks by LINE.
        "card.alt": "{% if advocate %}{{ advocate }} 送您的禮物{% else %}送您一份禮物{% endif %}："
        "{{ shop }} {{ offer }}",
        "card.title": "{% if advocate %}{{ advocate }} 送您的禮物{% else %}送您一份禮物{% endif %}",
        "card.offer": "{{ offer }}",
        "card.text": "{{ terms }}",
        "card.button": "收下禮物",
        "thanks": "{% if advocate %}{{ advocate }}，{% endif %}謝謝您！剛剛有一位朋友用您的推薦碼 "
        "{{ code }} 下單了。",
    },
    Channel.CARD: {
        # The digital and the printed card.
        "card.title": "{% if advocate %}{{ advocate }} 送您的禮物{% else %}送您一份禮物{% endif %}",
        "card.offer": "{{ offer }}",
        "card.shop": "{{ shop }}",
        "card.code": "推薦碼：{{ code }}",
        "card.scan": "掃描領取",
        "card.terms": "{% if starts %}自 {{ starts }} 起。{% endif %}{{ terms }}",
    },
    Channel.WIDGET: {
        # The widget at the shop.
        "offer.title": "{% if advocate %}{{ advocate }} 送您的禮物{% else %}送您一份禮物"
        "{% endif %}",
        "offer.text": "{{ offer_line }}",
        "offer.code": "推薦碼：{{ code }}",
        "offer.button": "收下禮物",
        "share.title": "送給朋友的禮物",
        "share.text": "分享出去，您的朋友可享有 {{ offer }}。",
        "share.button": "取得我的連結",
        "share.link": "您的連結",
        "share.copy": "複製連結",
        "share.copied": "已複製。",
        "share.more": "其他分享方式",
        "close": "關閉",
    },
    Channel.SHARE: {
        # What an advocate passes on, by how they stand to the shop; the link comes after it.
        "message.customer": "我很喜歡 {{ shop }}，有份禮物想送你：{{ offer }}。🎁",
        "message.employee": "我在 {{ shop }} 工作，想送你一份禮物：{{ offer }}。",
        "message.supplier": "我們是 {{ shop }} 的供應商，知道他們有多用心。"
        "送你一份禮物：{{ offer }}。",
        "message.partner": "我們和 {{ shop }} 合作，很樂意推薦給你。送你一份禮物：{{ offer }}。",
        "mail.subject": "送你一份禮物：{{ shop }} {{ offer }}",
    },
}
