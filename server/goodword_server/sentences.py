"""Sentences of the server's own pages; those of the library stand in `goodword.words`."""

from __future__ import annotations

from typing import Final

_SENTENCES: Final = {
    "en": {
        "preview.title": "A gift from a friend: {title}",
        "preview.words": "A friend puts in a good word for this shop, and has a gift for you.",
        "preview.go": "To the shop",
        "unknown.title": "There is no shop here",
        "unknown.words": "This link leads nowhere. Please ask your friend for it once more.",
    },
    "zh-Hant": {
        "preview.title": "朋友送您的禮物：{title}",
        "preview.words": "有位朋友為這家商店說好話，也為您準備了一份禮物。",
        "preview.go": "前往商店",
        "unknown.title": "這裡沒有商店",
        "unknown.words": "這個連結無法使用，請再向朋友要一次。",
    },
}


def say(key: str, language: str, **facts: object) -> str:
    """Return the sentence of this key with its values filled in."""
    return _SENTENCES[language][key].format_map(facts)
