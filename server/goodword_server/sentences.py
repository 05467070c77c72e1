"""Sentences of the server's own pages; those of the library stand in `goodword.words`."""

from __future__ import annotations

from typing import Final

from goodword_server import app_sentences, own_sentences

_SENTENCES: Final = {
    "en": {
        **own_sentences.ENGLISH,
        **app_sentences.ENGLISH,
        "to_shop": "To the shop",
        "unknown.title": "There is no shop here",
        "unknown.words": "This link leads nowhere. Please ask your friend for it once more.",
        "nothing.title": "There is nothing here",
        "nothing.words": "Perhaps a letter was lost on the way. Please open the link once more "
        "from where you found it.",
        "card.unknown": "There is no card here. Please ask your friend for the link once more.",
        "card.over": "This gift has ended. You are welcome at the shop all the same.",
        "card.code_ended": "This gift has ended. Please ask your friend for a new link.",
        "card.busy": "Many cards are being drawn just now. Please try again in a moment.",
        "missing.title": "We find no gift here",
        "missing.words": "Perhaps a letter was lost on the way. Please ask your friend for the "
        "link once more; the shop is open to you all the same.",
        "guessed.title": "One moment, please",
        "guessed.words": "That was a little too often within one minute. Please wait a moment, "
        "and open the link from your friend once more.",
        "trouble.title": "We cannot look that up right now",
        "trouble.words": "Nothing is lost: please open this link again in a minute. The shop is "
        "open to you all the same.",
        "unread.title": "We could not read that",
        "unread.words": "Please go back one page and try once more.",
        "endpoint.subject": "Webhooks of {shop} are paused",
        "endpoint.body": "The webhooks of {shop} to\n{url}\nare paused: {why}\n\nWhat happens "
        "meanwhile is kept for thirty days. Once the address is well again, resume endpoint "
        "{id}, and all that it missed is sent.\n",
        "endpoint.failing": "nothing has arrived there for three days.",
        "endpoint.gone": "it answered that it is gone (410).",
        "endpoint.owner": "the owner paused them.",
    },
    "zh-Hant": {
        **own_sentences.CHINESE,
        **app_sentences.CHINESE,
        "to_shop": "前往商店",
        "unknown.title": "這裡沒有商店",
        "unknown.words": "這個連結無法使用，請再向朋友要一次。",
        "nothing.title": "這裡什麼都沒有",
        "nothing.words": "可能是連結少了幾個字，請從您看到它的地方再開啟一次。",
        "card.unknown": "這裡沒有推薦卡，請再向朋友要一次連結。",
        "card.over": "這份禮物已經結束了，仍然歡迎您到店裡逛逛。",
        "card.code_ended": "這份禮物已經結束了，請向朋友要新的連結。",
        "card.busy": "現在有許多推薦卡正在製作，請稍候再試。",
        "missing.title": "這裡找不到禮物",
        "missing.words": "可能是連結少了幾個字，請再向朋友要一次。商店照樣歡迎您光臨。",
        "guessed.title": "請稍候",
        "guessed.words": "一分鐘內的嘗試次數太多了。請稍等一下，再打開朋友給您的連結。",
        "trouble.title": "目前無法查詢",
        "trouble.words": "什麼都沒有遺失，請過一分鐘再打開這個連結。商店照樣歡迎您光臨。",
        "unread.title": "我們讀不懂這個內容",
        "unread.words": "請回上一頁，再試一次。",
        "endpoint.subject": "{shop} 的 Webhook 已暫停",
        "endpoint.body": "{shop} 送往\n{url}\n的 Webhook 已暫停：{why}\n\n暫停期間發生的事件會保留"
        "三十天。該網址恢復後，請重新啟用端點 {id}，錯過的事件會全部補送。\n",
        "endpoint.failing": "三天以來沒有任何事件送達。",
        "endpoint.gone": "對方回應該網址已不存在（410）。",
        "endpoint.owner": "由店主暫停。",
    },
}


def say(key: str, language: str, **facts: object) -> str:
    """Return the sentence of this key with its values filled in."""
    return _SENTENCES[language][key].format_map(facts)
