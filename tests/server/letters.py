"""A thank-you to be sent, and the letter as its reader gets it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from goodword import Thanks
from goodword_server.mail import message
from goodword_server.thanking import ours
from tests.sdk.builders import START

SENDER = "Tea House <thanks@tea.example>"
HAN = re.compile("[\u4e00-\u9fff]")


def read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def thanks(**changes: Any) -> Thanks:
    one = Thanks(
        id="t-1",
        order="17",
        advocate="c-1",
        name="Alice",
        email="alice@shop.example",
        code="ALICE10",
        program="friends",
        owed=START,
        by=START + timedelta(days=1),
    )
    return replace(one, **changes)


def letter(id: str = "f-1", **changes: Any) -> EmailMessage:
    """A letter of thanks in our own words, as it is written."""
    to = thanks(**changes)
    return message(to, id, SENDER, ours("Tea House", to))


def text_of(mail: EmailMessage) -> str:
    """What a letter says, its lines ended as Python ends them."""
    said: str = mail.get_content()
    return said.replace("\r\n", "\n")
