"""登入與其信件的正體中文句子。"""

from typing import Final

SENTENCES: Final = {
    "sign.in": "登入",
    "sign.email": "電子郵件",
    "sign.password": "密碼",
    "sign.forgotten": "我不知道密碼",
    "sign.send": "寄連結給我",
    "sign.send_words": "我們會把連結寄到您的電子郵件，您可以用它設定新密碼。",
    "sign.back": "回到登入",
    "sign.choose": "設定密碼",
    "sign.choose_words": "至少 {least} 個字元，用一句只有您知道的話最好。",
    "sign.new": "新密碼",
    "sign.again": "再輸入一次",
    "sign.keep": "儲存",
    "sign.change": "變更您的密碼",
    "sign.change_words": "其他地方的登入都會結束。",
    "sign.current": "目前的密碼",
    "sign.move": "變更您的電子郵件",
    "sign.move_now": "您以 {email} 登入。",
    "sign.move_words": "我們會寄連結到新的地址；您在 {hours} 小時內打開它之後才會生效，"
    "原來的地址也會收到通知。",
    "sign.move_to": "新的電子郵件",
    "sign.no_mail": "這台伺服器不寄信，無法確認地址。管理伺服器的人可以用 `goodword user` "
    "讓另一個地址加入。",
    "sign.wrong_password": "密碼不正確。",
    "mail.reset": "您好：\n\n有人（應該是您）要求新的密碼。請在 {hours} 小時內於此設定："
    "\n\n{link}\n\n如果不是您，請不要理會這封信。\n",
    "mail.changed": "您好：\n\n您的密碼已變更，所有登入都已結束。"
    "如果不是您，請立刻重設：\n\n{link}\n",
    "mail.move": "您好：\n\n有人（應該是您）想從現在起以這個地址登入。"
    "請在 {hours} 小時內於此確認：\n\n{link}\n\n如果不是您，請不要理會這封信。\n",
    "mail.moved.subject": "您的電子郵件已變更",
    "mail.moved": "您好：\n\n您的帳號從現在起改以另一個電子郵件登入，不再使用這個地址。"
    "如果不是您，請立刻通知管理伺服器的人。\n",
    "mail.invited.subject": "您可以管理 {shop} 了",
    "mail.invited": "您好：\n\n您已獲准管理 {shop} 的推薦。"
    "請在 {hours} 小時內於此設定密碼：\n\n{link}\n",
}
