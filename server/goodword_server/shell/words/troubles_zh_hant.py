"""商店回應問題的正體中文說明：鍵是平台外掛所說的英文句子。"""

from typing import Final

SENTENCES: Final = {
    "this is not a WooCommerce API": "這不是 WooCommerce 的 API",
    "the shop is connected without keys": "這家商店連線時沒有金鑰",
    "the keys may not do this: they need the right to read and write": (
        "金鑰的權限不足，需要讀取和寫入的權限"
    ),
    "the keys were refused: they are wrong, revoked or may not do this, or the shop calls itsel"
    "f by another address than it was connected under": (
        "金鑰被拒絕：可能有誤、已撤銷、權限不足，或是商店現在的網址和連線時不同"
    ),
    "the keys were not seen or may not read: they need the right to read and write, and the sho"
    "p's web server must pass the Authorization header on": (
        "商店沒有看到金鑰，或金鑰不能讀取：金鑰需要讀取和寫入的權限，商店的網頁伺服器也必須傳遞"
        " Authorization 標頭"
    ),
    "something in front of the shop keeps us out": "商店前面有東西（例如防火牆）把我們擋住了",
    "this is not a WooCommerce API: it sends us on to another address; if the shop moved, connect "
    "it again there": (
        "這不是 WooCommerce 的 API：它把我們轉到另一個網址；如果商店搬家了，請用新的網址重新連線"
    ),
    "the shop asks us to wait": "商店請我們稍候",
    "the shop failed": "商店發生錯誤",
    "the shop refused": "商店拒絕了",
    "the shop refused, though it called that a success": "商店拒絕了，卻回報成功",
    "the shop could not be reached: nobody answers there": "無法連到商店：沒有回應",
    "the shop could not be reached: its certificate is not to be trusted": (
        "無法連到商店：憑證無法信任"
    ),
    "the shop's address or keys cannot be used": "商店的網址或金鑰無法使用",
    "its name leads to no address of the open internet": "它的網域沒有指向公開的網際網路",
    "the shop gave no answer: it may or may not have been done": (
        "商店沒有回覆：可能完成了，也可能沒有"
    ),
    "it answered something that cannot be read: it may or may not have been done": (
        "商店的回覆無法讀取：可能完成了，也可能沒有"
    ),
    "it is not connected": "商店沒有連線",
}
