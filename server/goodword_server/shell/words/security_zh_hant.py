"""Flask-Security 的正體中文句子，以其英文原句為鍵；本後台用得到的都在這裡。"""

from typing import Final

SENTENCES: Final = {
    "Authentication failed - identity or password/passcode invalid": "登入失敗："
    "電子郵件或密碼不正確。",
    "If that email address is in our system, you will receive an email describing how to reset "
    "your password.": "如果這個電子郵件有帳號，您會收到一封說明如何重設密碼的信。",
    "You do not have permission to view this resource.": "您沒有權限查看這個頁面。",
    "You must sign in to view this resource.": "請先登入。",
    "Password does not match": "密碼不相符。",
    "Passwords do not match": "兩次輸入的密碼不同。",
    "Redirections outside the domain are forbidden": "不能導向其他網站。",
    "This link is too old. Ask for a new one.": "這個連結已過期，請重新索取。",
    "Invalid reset password token.": "這個連結已使用過或不正確，請重新索取。",
    "Account is disabled.": "這個帳號已停用。",
    "Email not provided": "請填電子郵件。",
    "Invalid email address": "這不是電子郵件地址。",
    "Value entered is not valid for the field": "這個值不適用於此欄位。",
    "Password not provided": "請填密碼。",
    "Password must be at least %(length)s characters": "密碼至少要有 %(length)s 個字元。",
    "Password not complex enough": "密碼不夠複雜。",
    "Specified user does not exist": "登入失敗：電子郵件或密碼不正確。",
    "Invalid password": "密碼不正確。",
    "You successfully reset your password. Please authenticate using your new password.": "密碼"
    "已重設，請用新密碼登入。",
    "Your new password must be different than your previous password.": "新密碼不能和原來的相同。",
    "You successfully changed your password.": "密碼已變更。",
    "Please log in to access this page.": "請先登入。",
    "You can only access this endpoint when not logged in.": "您已經登入了。",
    "Your password has been reset": "您的密碼已重設",
    "Your password has been changed": "您的密碼已變更",
    "Password reset instructions": "重設密碼的說明",
    "This link does not work any more. Ask for a new one.": "這個連結不能再用了，請重新索取。",
    "Instructions to confirm your new email address have been sent to %(email)s.": "確認的連結"
    "已寄到 %(email)s。",
    "Change of email address confirmed": "您的電子郵件已變更。",
    "Confirm your new email address": "確認新的電子郵件",
    "Email Address": "電子郵件",
    "Password": "密碼",
    "New Password": "新密碼",
    "Retype Password": "再輸入一次密碼",
    "Login": "登入",
    "Recover Password": "重設密碼",
    "Reset Password": "重設密碼",
    "Change Password": "變更密碼",
    "Forgot password?": "忘記密碼？",
    "Submit": "送出",
}
