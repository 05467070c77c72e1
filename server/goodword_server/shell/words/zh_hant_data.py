"""正體中文句子：誰來查閱自己的資料、待追回的回饋，以及移除應用程式的商店。"""

from typing import Final

SENTENCES: Final = {
    "nav.data": "資料查閱",
    "data.title": "資料查閱",
    "data.words": "有顧客向商店詢問留存了哪些個人資料。請在所列日期之前，把檔案連同商店自己留存的"
    "資料一起交給對方。",
    "data.none": "目前沒有人查閱。",
    "data.request": "查閱要求 {id}",
    "data.received": "提出",
    "data.due": "回覆期限",
    "data.late": "已逾期",
    "data.file": "下載留存的資料",
    "data.forgotten": "對方之後已要求被遺忘：這裡沒有留存任何資料。",
    "data.answer": "已經回覆",
    "data.answered": "已記下，這裡不再留存是誰提出的。",
    "data.answered.at": "已回覆",
    "data.gone": "先前已經回覆過了。",
    "did.data_answered": "回覆了資料查閱要求",
    "did.shop_left": "（不在這裡）商店移除了應用程式：",
    "health.data": "資料查閱",
    "health.data.some": "有 {count} 件待回覆，最早的期限是",
    "health.data.look": "查看",
    "health.owed": "待追回",
    "health.owed.some": "訂單退款時，這些回饋沒能全部收回：當時已用掉的部分，會從之後的回饋扣抵。",
    "health.owed.by": "{name}：{amount}，訂單",
    "health.left": "{ago}中斷了連線，或商店移除了應用程式；之後不再對商店做任何事，"
    "已發出的優惠券可用到期限為止。重新連線後，會從停下的地方繼續。",
}
