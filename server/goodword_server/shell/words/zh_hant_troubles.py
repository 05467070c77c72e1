"""伺服器上的事為什麼沒有完成：正體中文句子，依原因排列。"""

from typing import Final

SENTENCES: Final = {
    "mail_address": "這個地址不能放在信件上。",
    "mail_refused_us": "郵件伺服器拒絕了我們的帳號（{code}）。",
    "mail_unable": "郵件伺服器無法以這樣的設定寄信（{what}）。",
    "mail_down": "無法連上郵件伺服器（{kind}）。",
    "mail_refused": "郵件伺服器拒絕了這個地址（{code}）。",
    "mail_asks_to_wait": "郵件伺服器請我們稍候（{code}）。",
    "unconnected": "這家商店沒有連線。",
    "still_lets_us_in": "據報店主已移除應用程式，但商店仍讓我們進入。",
    "delivery_sealed": "無法開啟：封存用的密鑰已不在。",
    "platform_missing": "沒有安裝 {platform} 平台。",
    "recording_fault": "記錄時發生錯誤（{kind}）。",
    "reading_fault": "讀取時發生錯誤（{kind}）。",
    "looking_fault": "檢查時發生錯誤（{kind}）。",
    "bulk_slow": "商店在 {hours} 小時內沒有把訂單寫完。",
    "leaving_fault": "清除時發生錯誤（{kind}）。",
    "forgotten": "其中提到的人已要求被遺忘。",
    "forgotten_order": "其中提到的人已要求被遺忘：訂單 {orders}。",
    "inner_address": "它的名稱沒有指向公開網際網路上的位址。",
    "distrusted": "它的憑證不可信任。",
    "too_late": "它沒有及時回應。",
    "broke_off": "無法連上，或連線中斷（{kind}）。",
    "answered": "它回應了 {status}。",
    "sealed": "它的密鑰無法開啟，請更換密鑰。",
    "unknown_dispatch": "它已經不再卡住了。",
    "endpoint_paused": "這個 webhook 已暫停，請先恢復。",
}
