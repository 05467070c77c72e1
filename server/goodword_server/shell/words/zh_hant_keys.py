"""Traditional Chinese sentences of keys to the API."""

from typing import Final

SENTENCES: Final = {
    "keys.title": "API 金鑰",
    "keys.words": "有了金鑰，您的程式就能代表這家商店。任何拿到它的人都可以。",
    "keys.none": "沒有金鑰。",
    "keys.hint": "結尾",
    "keys.scope": "用途",
    "keys.made_at": "建立時間",
    "keys.used": "上次使用",
    "keys.used.unknown": "從未使用",
    "keys.ends": "結束時間",
    "keys.make": "建立金鑰",
    "keys.rotate": "更換",
    "keys.revoke": "停用",
    "keys.revoke.sure": "立刻停用這把金鑰？使用它的程式都會停止運作。",
    "keys.new": "您的新金鑰",
    "keys.new.words": "請現在保存：只顯示這一次，之後誰也找不回來。",
    "keys.tag": "把這一行放進商店的網頁，就能記住朋友的推薦碼，並讓朋友看到禮物：",
    "keys.revoked": "結尾為 {hint} 的金鑰已停用。",
    "scope.secret": "全部；只放在伺服器上",
    "scope.read": "讀取，以及瀏覽器可做的事",
    "scope.publishable": "瀏覽器中的頁面，人人都看得到",
    "keys.id": "編號",
    "keys.label": "用在哪裡",
    "keys.overlap": "被更換的金鑰還能再用 {hours} 小時。",
    "keys.no_scope": "請選擇金鑰的用途。",
    "keys.no_label": "請用一行、至多 64 個字元說明用在哪裡。",
    "keys.gone": "這把金鑰已停用，請建立新的。",
}
