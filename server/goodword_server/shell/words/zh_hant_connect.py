"""後台關於商店連線的正體中文句子。"""

from typing import Final

SENTENCES: Final = {
    "nav.within": "這個部分的頁面",
    "nav.group.shop": "商店",
    "nav.group.referrals": "推薦",
    "nav.group.words": "文案與外觀",
    "nav.group.settings": "設定",
    "nav.connect": "連線",
    "connect.title": "商店的連線",
    "connect.none": (
        "這家商店還沒有連線。連線之後，訂單會自動送到這裡，朋友的優惠券和推薦人的回饋也會直接在"
        "您的結帳頁生效。"
    ),
    "connect.is": "已連線到 {platform}（{url}）。",
    "connect.hint": "使用的金鑰結尾是 {hint}。",
    "connect.sealed": (
        "開啟這家商店的資料，是用一組已不在 GOODWORD_SECRETS 裡的密鑰封存的。請重新連線：訂單、"
        "推薦碼和回饋都還在這裡。"
    ),
    "connect.status": "目前的狀況請看商店頁面。",
    "connect.waiting": (
        "{ago}已向您的商店提出請求，還沒有收到回覆。如果您同意之後看到錯誤訊息，請再試一次。"
    ),
    "connect.failed": "上一次沒有成功：{why}",
    "connect.by_click": "按一下就連線",
    "connect.by_click.words": (
        "請輸入商店的網址。接著請以管理員身分登入您自己的商店，同意 goodword 讀取訂單並建立優惠券。"
    ),
    "connect.url": "商店的網址",
    "connect.url.hint": "例如 https://tea.example",
    "connect.url.hint.shopify": "例如 tea.myshopify.com",
    "connect.find": "找到我的商店",
    "connect.https": (
        "商店只會把金鑰交給加密的網址，而這台伺服器的網址是 {url}。請管理伺服器的人把 G"
        "OODWORD_PUBLIC_URL 設成 https:// 開頭的網址；在那之前，請使用配對碼。"
    ),
    "connect.found": "找到了：{name}",
    "connect.found.words": (
        "您的商店接下來會問您，是否允許 goodword 讀取和寫入。同意之後就會回到這裡。請在 {minute"
        "s} 分鐘內完成。"
    ),
    "connect.go": "前往 {url}",
    "connect.by_code": "從 WordPress 裡面連線",
    "connect.plugin": "下載外掛（zip 檔，在 WordPress 的「外掛 → 安裝外掛 → 上傳外掛」安裝）",
    "connect.by_code.words": (
        "安裝 goodword 外掛之後，在這裡產生配對碼，再貼到 WordPress 的 WooCommerce → goodword"
        "。如果商店前面有防火牆擋住第一種方式，也可以用這個方法。"
    ),
    "connect.make_code": "產生配對碼",
    "connect.code": "您的配對碼",
    "connect.code.words": (
        "請在 {minutes} 分鐘內貼到外掛裡。配對碼只能用一次，也只適用於這家商店。在這段時間內，"
        "拿到它的人可能會把自己的商店連上來，請不要交給別人。"
    ),
    "connect.again": "重新連線",
    "connect.again.words": (
        "商店換了網址，或金鑰被刪除時使用。什麼都不會遺失：中間發生的事會補查回來。"
    ),
    "connect.try": "用測試訂單試試看",
    "connect.try.words": "在無痕視窗開啟推薦人的連結，用商店的測試付款買點東西。測試訂單不會"
    "產生回饋，但一分鐘後這個頁面會說明它本來會有多少回饋，以及原因：",
    "why.trial": "如果這是真正的訂單",
    "why.trial.reward": "推薦人會得到 {amount}。",
    "why.trial.nothing": "這是測試訂單。系統會依照推薦計畫的所有條件判斷，但不會入帳、不會發放"
    "回饋，也不會寄出感謝。",
    "connect.now": "立即檢查",
    "connect.now.words": "訂單每小時比對一次，Webhook 和優惠券每天檢查一次。您也可以不用等。",
    "connect.now.done": "正在檢查商店，請一分鐘後再回來看。",
    "connect.secret": "更換 Webhook 的密鑰",
    "connect.secret.words": (
        "如果可能有人知道了商店簽章用的密鑰，請更換。用舊密鑰送出、還在路上的訊息，兩天內仍會收下。"
    ),
    "connect.secret.make": "產生新的密鑰",
    "connect.secret.not": "這個平台的密鑰由平台決定，請在平台那邊更換。",
    "connect.secret.done": "已產生新的密鑰，正在通知商店。",
    "connect.leave": "中斷連線",
    "connect.leave.words": (
        "商店那邊的 Webhook 會被刪除，這裡用來開啟商店的資料也會刪除。已經賺到的回饋仍留在帳本裡。"
    ),
    "connect.leave.coupons": "還沒有人用過的優惠券",
    "connect.leave.keep": "保留，您的商店會繼續接受",
    "connect.leave.disable": "在商店停用，在這裡記為過期",
    "connect.leave.sure": "是，中斷這家商店的連線",
    "connect.leave.do": "中斷連線",
    "connect.leave.unsure": "請勾選確認，並選擇優惠券要怎麼處理。",
    "connect.leave.done": "已中斷連線，正在清除我們留在商店的東西。",
    "connect.not": "這家商店沒有連線。",
    "connect.farewell.open": "{ago}已中斷連線，正在清除我們留在商店的東西。",
    "connect.farewell.trouble": "還沒有成功：{why} 我們會再試兩週。",
    "connect.farewell.done": "{ago}已中斷連線，商店裡不再有我們的 Webhook。",
    "connect.farewell.given_up": (
        "{ago}已中斷連線，但商店沒有讓我們清除：{why} 請在 WordPress 的 WooCommerce → 設定 → "
        "進階 → Webhooks，刪除名稱以「goodword」開頭的項目。我們已不再接收它們的訊息。"
    ),
    "connect.farewell.key": (
        "有一件事只有您能做，因為商店的 REST API 無法刪除自己的金鑰：請在 WordPress 的 WooComme"
        "rce → 設定 → 進階 → REST API，刪除結尾是 {hint} 的金鑰。我們這裡已經沒有它了。"
    ),
    "connect.why.no_domain": "請輸入商店自己的網域，例如 tea.myshopify.com。",
    "connect.why.no_shop": (
        "這個網址沒有 WooCommerce 回應。請輸入商店首頁的網址。固定網址不能設成「預設」，安全外"
        "掛也不能關閉 REST API。"
    ),
    "connect.why.not_public": "這個網址不在公開的網際網路上。",
    "connect.why.certificate": "商店的憑證無法信任，所以不會把金鑰送過去。請洽您的主機商。",
    "connect.why.round": "這個網址一再轉址，請輸入最後到達的網址。",
    "connect.why.address": "請輸入商店的網址，例如 https://tea.example",
    "connect.why.down": "目前沒有人回應。網址正確嗎？正確的話請稍後再試。",
    "did.connected": "連線了商店",
    "did.disconnected": "中斷了商店的連線；優惠券",
    "did.secret_rotated": "更換了 Webhook 的密鑰",
    "did.looked_at": "要求檢查商店",
    "did.pairing_code": "產生了配對碼",
    "health.orders": "訂單比對",
    "health.orders.never": "還沒有和商店的訂單比對過。",
    "health.orders.fine": "{ago}已和商店的訂單比對，全部都已知道。",
    "health.orders.found": (
        "{ago}已和商店的訂單比對，找到 {count} 筆沒有 Webhook 通知過的訂單，現在已經計入。"
    ),
    "health.orders.failed": "無法和商店的訂單比對：{why}",
    "health.backfill": "連線前的訂單",
    "health.backfill.asking": "正請商店把連線前的訂單寫成檔案。",
    "health.backfill.writing": "商店正在把連線前的訂單寫成檔案：目前 {count} 筆。",
    "health.backfill.reading": "正在從檔案讀取連線前的訂單：目前 {count} 筆。",
    "health.backfill.done": "{ago}從檔案讀取了連線前的 {count} 筆訂單。",
    "health.backfill.pages": "正在逐筆讀取，需要較長的時間：{why}",
    "health.backfill.paged": "{ago}逐筆讀取完畢，沒有使用檔案：{why}",
    "health.hooks": "Webhook（訂單通知）",
    "health.hooks.never": "還沒有檢查過。",
    "health.hooks.fine": "都在，也都開著；{ago}檢查過。",
    "health.hooks.failed": "無法檢查：{why}",
    "health.hooks.mended": "上次修復是{ago}：",
    "health.hooks.made": "有些不見了，已經重新建立。",
    "health.hooks.afresh": "建立它們的人已經不能查看訂單，所以重新建立了。",
    "health.hooks.revived": "有些被商店關掉了，已經重新開啟。",
    "health.hooks.moved": "有些還通往我們的舊網址，已經更正。",
    "health.hooks.doubled": "有些重複了，已經整理。",
    "health.hooks.unsigned": (
        "收到不是用我們的密鑰簽署的通知，沒有採用。已經把密鑰再告訴商店一次，並直接向商店讀取訂單。"
    ),
    "health.hooks.too_long": "收到長度超過上限的通知，沒有採用。已經直接向商店讀取訂單。",
    "sign.cron_off": (
        "商店的 wp-config.php 關閉了 WP-Cron。這樣只有在主機呼叫 wp-cron.php 時才會送出 Webhook"
        "：請主機商設定每幾分鐘執行一次的排程。"
    ),
    "sign.moved": "商店現在的網址是 {home}，請用這個網址重新連線。",
    "sign.old": "商店使用的是 WooCommerce {version}。我們確認過 8.5 以上的版本可以使用。",
    "sign.cron_off.title": "WP-Cron 排程",
    "sign.moved.title": "網址",
    "sign.old.title": "版本",
    "sign.scopes_given.title": "我們的權限",
    "sign.scopes_given": "推薦計畫需要的權限，商店都已經給予。",
    "sign.scopes_lacking.title": "我們的權限",
    "sign.scopes_lacking": "推薦計畫需要的權限，商店沒有全部給予。請重新連線，並同意：{scopes}。",
    "sign.keys_renewed.title": "商店的金鑰",
    "sign.keys_renewed": "{given} 取得，會自動更新。即使完全沒有使用，也能用到 {until}。",
    "sign.keys_ending.title": "商店的金鑰",
    "sign.keys_ending": "{given} 取得後沒有更新，{until} 到期。請在商店管理後台開啟應用程式，"
    "或重新連線。",
    "sign.keys_forever.title": "商店的金鑰",
    "sign.keys_forever": "這把金鑰沒有期限，平台只接受到 2026 年底。我們每天會試著換成自動更新的"
    "金鑰，直到成功為止。",
    "sign.keys_own.title": "商店的金鑰",
    "sign.keys_own": "需要時會重新取得。",
    "sign.version_kept.title": "商店的介面",
    "sign.version_kept": "商店使用的版本就是我們支援的版本：{version}。",
    "sign.version_drifts.title": "商店的介面",
    "sign.version_drifts": "我們以 {asked} 版本詢問，商店以 {served} 版本回答。大部分功能照常運作，"
    "請伺服器的管理者更新 goodword。",
    "sign.discounts_fit.title": "商店自己的折扣",
    "sign.discounts_fit": "商店的自動折扣都不會妨礙我們的優惠券。",
    "sign.discounts_clash.title": "商店自己的折扣",
    "sign.discounts_clash": "購物車只能使用我們的優惠券，或商店的自動折扣，不能同時使用：{titles}。"
    "朋友的優惠券可能因此無法套用。請在商店管理後台的「折扣」中，允許這些折扣與其他折扣合併；"
    "我們這邊的設定是 combines_with。",
    "sign.credit_unspendable.title": "購物金",
    "sign.credit_unspendable": "推薦計畫會給購物金，但商店使用的是舊版顧客帳號，購物金無法使用。"
    "請在商店設定中改用新版顧客帳號，或改給其他回饋。",
    "sign.currency_differs.title": "貨幣",
    "sign.currency_differs": "商店使用 {currency}，推薦計畫承諾的卻是 {promised}："
    "這樣的金額不會產生優惠券，也不會成為訂單的回饋。請在計畫的表單中修改金額。",
    "sign.test_shop.title": "試用商店",
    "sign.test_shop": "這是開發用商店，所有訂單都是測試訂單，不會產生回饋；"
    "「為什麼？」頁面會說明它們本來會有多少回饋。",
    "health.silent": (
        "商店的訂單有變動，卻沒有收到 Webhook。最常見的原因是沒有人瀏覽時 WP-Cron 不會執行，或"
        "有東西擋住商店對外連線。什麼都不會遺失：訂單每小時都會比對。"
    ),
    "health.coupons": "優惠券",
    "health.coupons.never": "還沒有檢查過。",
    "health.coupons.fine": "還能使用的 {count} 張都和承諾的一樣；{ago}檢查過。",
    "health.coupons.failed": "無法檢查：{why}",
    "health.coupons.differ": (
        "{all} 張裡有 {count} 張和承諾的不一樣。請在 WordPress 的「行銷 → 優惠券」更正："
    ),
    "health.coupons.more": "還有 {count} 張。",
    "health.plugin": "WordPress 外掛",
    "health.plugin.never": (
        "已配對，但還沒有來詢問過：朋友要自己輸入優惠券。WordPress 的「WooCommerce → goodword」"
        "頁面會說明它看到的狀況。"
    ),
    "health.plugin.heard": "上次詢問是{ago}：優惠券會自動放進購物車。",
    "health.plugin.silent": (
        "上次詢問是{ago}：在它再來詢問之前，朋友要自己輸入優惠券。外掛在 WordPress 裡還啟用著嗎？"
        "主機允許對外連線嗎？那裡的「WooCommerce → goodword」頁面會說明它看到的狀況。"
    ),
    "and": "、",
    "coupon.gone": "被刪除或丟進垃圾桶",
    "coupon.status": "沒有發佈",
    "coupon.code": "改了代碼：持有人不知道新的代碼",
    "coupon.kind": "給的東西不一樣",
    "coupon.amount": "金額不一樣",
    "coupon.limit": "使用次數不是剛好一次",
    "coupon.email": "給了別的電子郵件",
    "coupon.expires": "到期時間不一樣",
    "coupon.narrowed": "加上了沒有承諾過的條件",
}
