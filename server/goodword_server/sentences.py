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
        "data.subject": "{shop}: a customer asks for their data, to be answered by {day}",
        "data.body": "A customer of {shop} has asked what is kept of them. The law wants them "
        "answered within {days} days: by {day}.\n\nWhat goodword keeps of them is ready as a "
        "file, for you to hand on together with what the shop itself keeps. Sign in to see who "
        "asked, and say there once it is answered:\n{link}\n",
    },
    "zh-Hant": {
        **app_sentences.CHINESE,
        "endpoint.subject": "{shop} 的 Webhook 已暫停",
        "endpoint.body": "{shop} 送往\n{url}\n的 Webhook 已暫停：{why}\n\n暫停期間發生的事件會保留"
        "三十天。該網址恢復後，請重新啟用端點 {id}，錯過的事件會全部補送。\n",
        "endpoint.failing": "三天以來沒有任何事件送達。",
        "endpoint.gone": "對方回應該網址已不存在（410）。",
        "endpoint.owner": "由店主暫停。",
        "data.subject": "{shop}：有顧客要求查閱個人資料，請在 {day}前回覆",
        "data.body": "{shop} 的一位顧客要求查閱留存的個人資料。依法須在 {days} 天內回覆，"
        "也就是 {day}前。\n\ngoodword 留存的部分已備妥檔案，請連同商店自己留存的資料一起交給對方。"
        "登入後可以看到是誰提出的，回覆後也請在那裡註明：\n{link}\n",
    },
}


def say(key: str, language: str, **facts: object) -> str:
    """Return the sentence of this key with its values filled in."""
    return _SENTENCES[language][key].format_map(facts)
