"""Mails to those who sign in: written in their language, sent beside the request.

Beside it, so that an answer takes as long for an address that nobody has.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP

from goodword.storage.sql import new_id
from goodword_server.house import House
from goodword_server.mail import Send, sending

_log = logging.getLogger("goodword_server")


class Post:
    """Sends the shell's mails one after the other."""

    def __init__(self, house: House) -> None:
        self._house = house
        mail = house.settings.mail
        self._send: Send | None = sending(mail) if mail is not None else None
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="goodword-post")

    @property
    def works(self) -> bool:
        """Whether mails can be sent at all."""
        return self._send is not None

    def send(self, to: str, subject: str, body: str) -> None:
        """Take a mail on; one that cannot be sent is told in the log, without its address."""
        if self._send is None:
            return
        mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
        settings, now = self._house.settings, self._house.now()
        mail["From"], mail["To"], mail["Subject"] = settings.mail_from, to, subject
        domain = settings.mail_from.rpartition("@")[2].rstrip(">")
        mail["Message-ID"] = f"<{new_id(now)}@{domain}>"
        mail["Date"] = now
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(body)
        self._sender.submit(self._deliver, self._send, mail)

    def close(self) -> None:
        """Send what was taken on, and end."""
        self._sender.shutdown()

    @staticmethod
    def _deliver(send: Send, mail: EmailMessage) -> None:
        try:
            send(mail)
        except Exception as error:
            _log.error("a mail to an account was not sent: %s", type(error).__name__)
