"""Sentences that the server itself says to a shop's owner, beside the owner's pages."""

from __future__ import annotations

from typing import Final

from goodword_server import app_sentences

_SENTENCES: Final = {
    "en": {
        **app_sentences.ENGLISH,
        "endpoint.subject": "Webhooks of {shop} are paused",
        "endpoint.body": "The webhooks of {shop} to\n{url}\nare paused: {why}\n\nWhat happens "
        "meanwhile is kept for thirty days. Once the address is well again, resume endpoint "
        "{id}, and all that it missed is sent.\n",
        "endpoint.failing": "nothing has arrived there for three days.",
        "endpoint.gone": "it answered that it is gone (410).",
        "endpoint.owner": "the owner paused them.",
    },
    "zh-Hant": {
        **app_sentences.CHINESE,
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
