"""Sentences of the pages that an app shows in a shop's admin."""

from __future__ import annotations

from typing import Final

ENGLISH: Final = {
    "app.title": "goodword",
    "app.connected": "Your shop is connected to goodword, as {shop}. Its orders arrive there by "
    "themselves, and friends' coupons and rewards are made at its own checkout.",
    "app.lacking": "The shop did not give everything that was asked for. Without it some rewards "
    "cannot be given: {scopes}.",
    "app.desk": "Open your goodword pages",
    "app.desk.words": "There you set up what is promised to whom, and see what referrals bring. "
    "They open in a window of their own, where you sign in.",
    "app.owner": "Nobody can sign in there yet. Give your e-mail address, and we send you a link "
    "to choose a password, good for a day.",
    "app.owner.email": "Your e-mail address",
    "app.owner.send": "Send me the link",
    "app.owner.sent": "The link is on its way to you. Whoever reads that mail is the owner of the "
    "goodword pages of this shop.",
    "app.owner.address": "Give an e-mail address, like mei@tea.example.",
    "app.owner.over": "Somebody owns the pages already, or this form is too old. Open the app "
    "once more.",
    "app.no_mail": "Nobody can sign in there yet, and this server sends no mail. Whoever runs it "
    "lets you in: goodword user.",
    "app.bounce": "One moment …",
    "app.bounce.words": "If nothing happens, open the app once more in your shop's admin.",
    "app.unknown.title": "There is no app here",
    "app.unknown.words": "Whoever runs this server has registered none.",
    "app.refused.title": "We cannot tell which shop this is",
    "app.refused.words": "Please open the app once more in your shop's admin. If you came back "
    "from agreeing there: begin once more in the same browser.",
    "app.taken.title": "This name is taken here",
    "app.taken.words": "There is a shop of this name on this server already. If it is yours: sign "
    "in to your goodword pages, and connect the shop under Connection. If not: whoever runs this "
    "server connects it under another name.",
    "app.elsewhere.title": "This shop cannot be connected so",
    "app.elsewhere.words": "It is connected to something else here. Sign in to your goodword "
    "pages, disconnect it there, and open the app once more.",
    "app.trouble.title": "The shop did not let us in just now",
    "app.trouble.words": "Nothing is lost. Please open the app once more in a minute.",
    "app.mail.subject": "Your goodword pages of {shop}",
    "app.mail.body": "From the admin of the shop {shop} you were named as the owner of its "
    "goodword pages.\n\nTo choose a password, within a day:\n{link}\n\nIf you know nothing of it, "
    "do nothing.\n",
}
CHINESE: Final = {
    "app.title": "goodword",
    "app.connected": "您的商店已經以 {shop} 的名稱連線到 goodword。訂單會自動送達，好友的優惠券與"
    "推薦人的回饋都直接在您自己的結帳頁使用。",
    "app.lacking": "商店沒有給予全部要求的權限，少了這些，有些回饋無法發放：{scopes}。",
    "app.desk": "開啟您的 goodword 後台",
    "app.desk.words": "在那裡設定推薦計畫，也能看到推薦帶來的成果。後台會在新視窗開啟，請登入"
    "使用。",
    "app.owner": "目前還沒有人可以登入後台。請填寫您的電子郵件，我們會寄給您設定密碼的連結，"
    "一天內有效。",
    "app.owner.email": "您的電子郵件",
    "app.owner.send": "寄連結給我",
    "app.owner.sent": "連結已經寄出。收到那封信的人，就是這家商店 goodword 後台的店主。",
    "app.owner.address": "請填寫電子郵件，例如 mei@tea.example。",
    "app.owner.over": "後台已經有店主了，或這份表單放太久了，請重新開啟應用程式。",
    "app.no_mail": "目前還沒有人可以登入後台，而這台伺服器不寄信。請伺服器的管理者讓您進入："
    "goodword user。",
    "app.bounce": "請稍候…",
    "app.bounce.words": "如果沒有反應，請在商店管理後台再開啟一次應用程式。",
    "app.unknown.title": "這裡沒有應用程式",
    "app.unknown.words": "這台伺服器的管理者尚未登記任何應用程式。",
    "app.refused.title": "我們無法確認這是哪一家商店",
    "app.refused.words": "請在商店管理後台再開啟一次應用程式。如果您剛在那裡同意授權，請用同一個"
    "瀏覽器重新開始。",
    "app.taken.title": "這個名稱已經有人使用",
    "app.taken.words": "這台伺服器上已經有同名的商店。如果是您的：請登入 goodword 後台，在「連線」"
    "頁面連線。如果不是：請伺服器的管理者以別的名稱連線。",
    "app.elsewhere.title": "這家商店無法這樣連線",
    "app.elsewhere.words": "它在這裡已經連線到別的地方。請登入 goodword 後台，先在那裡中斷連線，"
    "再重新開啟應用程式。",
    "app.trouble.title": "商店目前不讓我們進入",
    "app.trouble.words": "什麼都沒有遺失，請過一分鐘再開啟一次應用程式。",
    "app.mail.subject": "{shop} 的 goodword 後台",
    "app.mail.body": "在商店 {shop} 的管理後台，有人把您設為 goodword 後台的店主。\n\n"
    "請在一天內設定密碼：\n{link}\n\n如果您不知道這件事，請不必理會。\n",
}
