"""Traditional Chinese sentences of what friends are asked for, and what they read of others."""

from typing import Final

SENTENCES: Final = {
    "program.claim_by": "朋友需要留下",
    "program.claim_by.help": "朋友在禮物頁面領取時填寫。選「不需要」時，"
    "每個人都使用推薦人的共用優惠券。",
    "claim_by.email": "電子郵件",
    "claim_by.phone": "手機號碼",
    "claim_by.nothing": "不需要",
    "wrong.claim_by": "請從清單中選擇。",
    "nav.proofs": "口碑",
    "proofs.title": "大家怎麼說",
    "proofs.words": "朋友會在禮物旁讀到最新的三則。只放本人同意公開的內容；"
    "要求刪除資料的人，內容也會一併移除。",
    "proofs.none": "目前還沒有內容。",
    "proofs.add": "新增",
    "proofs.remove": "移除",
    "proofs.saved": "朋友現在讀得到了。",
    "proofs.removed": "已不再顯示。",
    "proofs.kind": "種類",
    "proofs.text": "內容",
    "proofs.text.help": "本人說的話，或文章的標題。",
    "proofs.link": "連結",
    "proofs.link.help": "可以讀到全文的地方；文章與白皮書必填。",
    "proofs.person": "誰說的",
    "proofs.person.help": "您自己系統中推薦人或朋友的代號。若知道名字，只會顯示名字，不顯示姓氏。",
    "proofs.consented": "同意日期",
    "proofs.consented.help": "本人同意公開的那一天。",
    "proofs.wrong.kind": "請從清單中選擇。",
    "proofs.wrong.text": "請寫 1 到 1000 個字。",
    "proofs.wrong.link": "請填寫以 https:// 開頭的網址。",
    "proofs.wrong.person": "找不到這個代號；推薦語必須填寫是誰說的。",
    "proofs.wrong.consented": "請填寫日期，不能是未來的日子。",
    "proof.testimonial": "推薦語",
    "proof.article": "文章",
    "proof.white_paper": "白皮書",
    "did.proof_saved": "新增一則口碑",
    "did.proof_removed": "移除一則口碑",
}
