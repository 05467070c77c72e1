"""A shop's own words: one row for each version of the program at which they were edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.model.message import Channel
from goodword.storage.page_tables import messages
from goodword.storage.sql import Book, Statement, micros

_here = (messages.c.shop == bindparam("shop")) & (messages.c.program == bindparam("program"))
_STANDING: Final = Statement(
    select(messages.c.channel, messages.c.moment, messages.c.version, messages.c.text)
    .where(
        _here,
        messages.c.language == bindparam("language"),
        messages.c.version <= bindparam("version"),
    )
    .order_by(messages.c.channel, messages.c.moment, messages.c.version)
)
_put = upsert(messages)
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["shop", "program", "language", "channel", "moment", "version"],
        set_={"text": _put.excluded.text, "saved": _put.excluded.saved},
    )
)


class Own(NamedTuple):
    """A text of the shop's own."""

    text: str
    since: int
    """The version of the program at which it was written."""


def standing(
    book: Book, program: str, language: str, version: int
) -> Mapping[tuple[str, Channel], Own]:
    """Return the shop's own words in a version of a program, by moment and channel."""
    rows = book.all(_STANDING, program=program, language=language, version=version)
    # Of each the newest comes last, and stays.
    newest = {(moment, channel): (text, since) for channel, moment, since, text in rows}
    return {
        (moment, Channel(channel)): Own(text, since)
        for (moment, channel), (text, since) in newest.items()
        if text is not None
    }


def put(
    book: Book,
    program: str,
    language: str,
    key: tuple[str, Channel],
    version: int,
    text: str | None,
    now: datetime,
) -> None:
    """Keep a text from this version on; None: ours, from this version on."""
    moment, channel = key
    book.run(
        _PUT,
        program=program,
        language=language,
        channel=channel,
        moment=moment,
        version=version,
        saved=micros(now),
        text=text,
    )
