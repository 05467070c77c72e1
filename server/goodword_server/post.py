"""Mails that somebody asked for on a page: written in their language, sent beside the request.

Beside it, so that an answer takes as long for an address that nobody has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple

from goodword.storage.sql import new_id
from goodword_server.house import House
from goodword_server.mail import Send, sending

_log = logging.getLogger("goodword_server")


class Letter(NamedTuple):
    """One mail, before it is one."""

    to: str
    subject: str
    body: str


class Post:
    """Sends mails one after the other."""

    def __init__(self, house: House) -> None:
        self._house = house
        mail = house.settings.mail
        self._send: Send | None = sending(mail) if mail is not None else None
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="goodword-post")
        # What is being sent asks the database for words and addresses.
        house.beside(self.close)

    @property
    def works(self) -> bool:
        """Whether mails can be sent at all."""
        return self._send is not None

    def send(self, to: str, subject: str, body: str) -> None:
        """Take a mail on; one that cannot be sent is told in the log, without its address."""
        self.send_found(lambda: [Letter(to, subject, body)])

    def send_found(self, find: Callable[[], Iterable[Letter]]) -> None:
        """Take on to look for mails and send them: whoever asked cannot tell if there are any."""
        if self._send is not None:
            self._sender.submit(self._deliver, self._send, find)

    def close(self) -> None:
        """Send what was taken on, and end."""
        self._sender.shutdown()

    def _deliver(self, send: Send, find: Callable[[], Iterable[Letter]]) -> None:
        try:
            for letter in find():
                send(self._written(letter))
        except Exception as error:
            _log.error("a mail that was asked for was not sent: %s", type(error).__name__)

    def _written(self, letter: Letter) -> EmailMessage:
        mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
        settings, now = self._house.settings, self._house.now()
        mail["From"], mail["To"], mail["Subject"] = settings.mail_from, letter.to, letter.subject
        domain = settings.mail_from.rpartition("@")[2].rstrip(">")
        mail["Message-ID"] = f"<{new_id(now)}@{domain}>"
        mail["Date"] = now
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.body)
        return mail
