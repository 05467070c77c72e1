"""What the shell says of a shop's connection, and its headings, in English."""

from typing import Final

SENTENCES: Final = {
    "nav.within": "Pages of this part",
    "nav.group.shop": "Shop",
    "nav.group.referrals": "Referrals",
    "nav.group.words": "Words and look",
    "nav.group.settings": "Settings",
    "nav.connect": "Connection",
    "connect.title": "The shop's connection",
    "connect.none": "This shop is not connected yet. Once it is, its orders arrive here by "
    "themselves, and friends' coupons and rewards are made at its own checkout.",
    "connect.is": "Connected to {platform} at {url}.",
    "connect.hint": "The key that opens it ends in {hint}.",
    "connect.sealed": "What opened the shop was sealed with a secret that is no longer among "
    "GOODWORD_SECRETS. Connect it again: its orders, codes and rewards are all still here.",
    "connect.status": "How it is doing stands on the shop's page.",
    "connect.waiting": "Your shop was asked {ago} and has not answered yet. If you agreed there "
    "and it showed an error, try once more.",
    "connect.failed": "The last try did not work: {why}",
    "connect.by_click": "With a click",
    "connect.by_click.words": "Give your shop's address. Then you agree at your own shop, signed "
    "in there as its administrator, that goodword may read its orders and make coupons.",
    "connect.url": "Your shop's address",
    "connect.url.hint": "Like https://tea.example",
    "connect.url.hint.shopify": "Like tea.myshopify.com",
    "connect.find": "Find my shop",
    "connect.https": "A shop gives its keys only to an address with encryption, and this "
    "server is at {url}. Whoever runs it sets GOODWORD_PUBLIC_URL to one that begins with "
    "https://. Until then, use a pairing code.",
    "connect.found": "Found: {name}",
    "connect.found.words": "Your shop now asks you whether goodword may read and write. Agree "
    "there, and you are led back here. You have {minutes} minutes.",
    "connect.go": "Go on at {url}",
    "connect.by_code": "From inside WordPress",
    "connect.plugin": "Download the plugin (a zip for WordPress, Plugins, Add New, Upload)",
    "connect.by_code.words": "With the goodword plugin installed, make a pairing code and paste it "
    "in WordPress under WooCommerce, goodword. It also helps where something in front of the shop "
    "keeps the first way shut.",
    "connect.make_code": "Make a pairing code",
    "connect.code": "Your pairing code",
    "connect.code.words": "Paste it into the plugin within {minutes} minutes. It works once, and "
    "for this shop alone. Whoever has it meanwhile can connect a shop of theirs in place of yours.",
    "connect.again": "Connect it again",
    "connect.again.words": "For when the shop has moved to another address, or its key was "
    "deleted. Nothing is lost: what happened in between is looked for.",
    "connect.try": "Try it with a test order",
    "connect.try.words": "Open an advocate's link in a private window and buy something with your "
    "shop's test payment. A test order never earns anything; but a minute later this page tells "
    "what it would have earned, and why:",
    "why.trial": "Had it been a real one",
    "why.trial.reward": "The advocate would earn {amount}.",
    "why.trial.nothing": "This is a test order. It is judged as a real one would be, with all that "
    "the program asks for, and nothing of it is booked, given or thanked for.",
    "connect.now": "Look now",
    "connect.now.words": "Orders are compared every hour, webhooks and coupons every day. You need "
    "not wait for it.",
    "connect.now.done": "The shop is looked at now. Come back in a minute.",
    "connect.secret": "A new secret for webhooks",
    "connect.secret.words": "If somebody may know what your shop signs with. What is on its way "
    "with the old one is still taken, for two days.",
    "connect.secret.make": "Make a new secret",
    "connect.secret.not": "The platform chose this secret: it is changed there.",
    "connect.secret.done": "There is a new secret, and the shop is told of it now.",
    "connect.leave": "Disconnect the shop",
    "connect.leave.words": "Its webhooks are deleted there, and what opens it is deleted here. "
    "What was earned stays in the book.",
    "connect.leave.coupons": "Coupons that nobody has used yet",
    "connect.leave.keep": "stay, and your shop goes on honouring them",
    "connect.leave.disable": "are disabled at your shop, and expire here",
    "connect.leave.sure": "Yes, disconnect this shop",
    "connect.leave.do": "Disconnect",
    "connect.leave.unsure": "Tick that you are sure, and say what becomes of the coupons.",
    "connect.leave.done": "The shop is disconnected. What is ours there is being removed.",
    "connect.not": "This shop is not connected.",
    "connect.farewell.open": "Disconnected {ago}. What is ours at the shop is being removed.",
    "connect.farewell.trouble": "It did not work yet: {why} We go on trying for two weeks.",
    "connect.farewell.done": "Disconnected {ago}. None of our webhooks is left at the shop.",
    "connect.farewell.given_up": "Disconnected {ago}, but the shop did not let us tidy up: {why} "
    "Delete the webhooks that begin with “goodword” in WordPress under WooCommerce, Settings, "
    "Advanced, Webhooks. We take nothing from them any more.",
    "connect.farewell.key": "One thing only you can do, since a shop's REST API cannot delete its "
    "own keys: delete the one that ends in {hint} in WordPress under WooCommerce, Settings, "
    "Advanced, REST API. We no longer have it.",
    "connect.why.no_domain": "Give the shop's own domain, like tea.myshopify.com.",
    "connect.why.no_shop": "No WooCommerce answers at that address. Give the address of the shop's "
    "front page. Its permalinks must not be “plain”, and no security plugin may close its REST "
    "API.",
    "connect.why.not_public": "That address is not on the open internet.",
    "connect.why.certificate": "The shop's certificate is not to be trusted, so no key is sent to "
    "it. Your host can mend it.",
    "connect.why.round": "The address sends us on again and again. Give the one it ends at.",
    "connect.why.address": "Give the shop's address, like https://tea.example",
    "connect.why.down": "Nobody answers there just now. Is the address right? Else try again "
    "later.",
    "did.connected": "connected the shop",
    "did.disconnected": "disconnected the shop; its coupons",
    "did.secret_rotated": "made a new secret for webhooks",
    "did.looked_at": "had the shop looked at",
    "did.pairing_code": "made a pairing code",
    "health.orders": "Orders compared",
    "health.orders.never": "They were not compared with the shop's own yet.",
    "health.orders.fine": "With the shop's own, {ago}: every one was known.",
    "health.orders.found": "With the shop's own, {ago}: {count} were found that no webhook had "
    "told of. They count now.",
    "health.orders.found.one": "With the shop's own, {ago}: {count} was found that no webhook had "
    "told of. It counts now.",
    "health.orders.failed": "They cannot be compared with the shop's own: {why}",
    "health.backfill": "Orders from before",
    "health.backfill.asking": "The shop is asked to write what it sold before into a file.",
    "health.backfill.writing": "The shop is writing what it sold before into a file: {count} so "
    "far.",
    "health.backfill.reading": "What it sold before is being read from a file: {count} so far.",
    "health.backfill.done": "{count} were read from a file that the shop wrote, {ago}.",
    "health.backfill.done.one": "{count} was read from a file that the shop wrote, {ago}.",
    "health.backfill.pages": "They are being read one by one, which takes longer: {why}",
    "health.backfill.paged": "They were read one by one, and not from a file, {ago}: {why}",
    "health.hooks": "Webhooks",
    "health.hooks.never": "They were not looked at yet.",
    "health.hooks.fine": "They stand and are on; looked at {ago}.",
    "health.hooks.failed": "They cannot be looked at: {why}",
    "health.hooks.mended": "Last mended {ago}:",
    "health.hooks.made": "some were missing and were made again.",
    "health.hooks.afresh": "whoever had made them may no longer see orders, so they were made "
    "anew.",
    "health.hooks.revived": "the shop had switched some off, and they are on again.",
    "health.hooks.moved": "some led to an old address of ours.",
    "health.hooks.doubled": "some were there twice.",
    "health.hooks.unsigned": "something came that was not signed with our secret, and was turned "
    "away. The shop was told the secret once more, and its orders were read at the shop itself.",
    "health.hooks.too_long": "something came that was longer than we take, and was turned away. "
    "The shop's orders were read at the shop itself.",
    "sign.cron_off": "WP-Cron is switched off in the shop's wp-config.php. Then webhooks "
    "are sent only when your host calls wp-cron.php: ask it for a cron job every few minutes.",
    "sign.moved": "The shop calls itself {home} by now. Connect it again under that address.",
    "sign.old": "The shop runs WooCommerce {version}. We know that 8.5 and later work.",
    "sign.cron_off.title": "WP-Cron",
    "sign.moved.title": "Address",
    "sign.old.title": "Version",
    "sign.scopes_given.title": "What we may do",
    "sign.scopes_given": "The shop lets us do all that your programs need.",
    "sign.scopes_lacking.title": "What we may do",
    "sign.scopes_lacking": "The shop does not let us do all that your programs need. Connect it "
    "again, and agree to: {scopes}.",
    "sign.keys_renewed.title": "What opens the shop",
    "sign.keys_renewed": "It was given on {given} and is renewed by itself. If nobody asked the "
    "shop anything it would last until {until}.",
    "sign.keys_ending.title": "What opens the shop",
    "sign.keys_ending": "It was given on {given}, was not renewed, and ends on {until}. Open the "
    "app in your shop's admin, or connect the shop again.",
    "sign.keys_forever.title": "What opens the shop",
    "sign.keys_forever": "It never ends, and the platform takes such keys until the end of 2026 "
    "only. Once a day we try to change it for one that is renewed by itself.",
    "sign.keys_own.title": "What opens the shop",
    "sign.keys_own": "It is fetched anew whenever it is needed.",
    "sign.version_kept.title": "The shop's interface",
    "sign.version_kept": "It speaks the version that we were made for, {version}.",
    "sign.version_drifts.title": "The shop's interface",
    "sign.version_drifts": "We ask it as of {asked}, and it answers as of {served}. Most things "
    "go on working. Whoever runs this server should update goodword.",
    "sign.discounts_fit.title": "Your own discounts",
    "sign.discounts_fit": "None that your shop gives by itself stands in the way of our coupons.",
    "sign.discounts_clash.title": "Your own discounts",
    "sign.discounts_clash": "A cart takes either our coupon or what your shop gives by itself, and "
    "not both: {titles}. So a friend may see their coupon refused. Let those discounts be combined "
    "with others, in your shop's admin under Discounts; for ours the setting is combines_with.",
    "sign.credit_unspendable.title": "Store credit",
    "sign.credit_unspendable": "Your program gives store credit, and your shop has customer "
    "accounts of the old kind, in which nobody can spend it. Switch to the new ones in your shop's "
    "settings, or give something else.",
    "sign.currency_differs.title": "Currency",
    "sign.currency_differs": "Your shop counts in {currency}, and a program promises {promised}: "
    "no coupon is made of such an amount, and no order earns it as a reward. Change it in the "
    "program's form.",
    "sign.test_shop.title": "A shop for trying out",
    "sign.test_shop": "This is a development store: all of its orders are test orders. They earn "
    "nothing; what they would earn stands under Why?",
    "health.silent": "Orders change at your shop, and no webhook arrives. Most often its WP-Cron "
    "sleeps while nobody visits, or something keeps it from calling out. Nothing is lost: orders "
    "are compared every hour.",
    "health.coupons": "Coupons",
    "health.coupons.never": "They were not looked at yet.",
    "health.coupons.fine": "All that can still be used say what was promised: {count}, looked at "
    "{ago}.",
    "health.coupons.failed": "They cannot be looked at: {why}",
    "health.coupons.differ": "{count} of {all} do not say what was promised. Mend them in "
    "WordPress under Marketing, Coupons:",
    "health.coupons.differ.one": "{count} of {all} does not say what was promised. Mend it in "
    "WordPress under Marketing, Coupons:",
    "health.coupons.more": "and {count} more.",
    "health.plugin": "Plugin in WordPress",
    "health.plugin.never": "It was paired, and has not asked for anything yet: friends type their "
    "coupon. In WordPress the page WooCommerce, goodword says what it sees.",
    "health.plugin.heard": "It last asked for something {ago}: coupons are put into the basket by "
    "themselves.",
    "health.plugin.silent": "It last asked for something {ago}: friends type their coupon until it "
    "is heard of again. Is it still active in WordPress, and may your host call out? The page "
    "WooCommerce, goodword there says what it sees.",
    "and": ", ",
    "coupon.gone": "was deleted, or put into the trash",
    "coupon.status": "is not published",
    "coupon.code": "goes by another code now: whoever holds it does not know that one",
    "coupon.kind": "gives something else",
    "coupon.amount": "is worth another amount",
    "coupon.limit": "may not be used exactly once",
    "coupon.email": "is for another e-mail address",
    "coupon.expires": "ends at another time",
    "coupon.narrowed": "has conditions that nobody promised",
}
