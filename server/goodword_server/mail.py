"""Thanks by mail: over SMTP, or into a folder for trying things out."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from goodword.errors import Invalid
from goodword.model.followup import Carried, FollowUp, Thanks, again, done, never
from goodword.model.trouble import Trouble
from goodword.reaching import TooLate, ending, hold
from goodword_server.thanking import Said, ours

Send = Callable[[EmailMessage], None]
Saying = Callable[[str, Thanks], Said]
"""What a shop says to somebody whom it thanks."""
_SECONDS: Final = 20
_WHOLE: Final = 60.0
"""Seconds that a mail may take in all: the others begin anew with each byte."""
_PORTS: Final = {"smtp": 587, "smtps": 465}


class MailCarrier:
    """Says thanks by mail."""

    def __init__(self, sender: str, send: Send, saying: Saying = ours) -> None:
        self._sender = sender
        self._send = send
        self._saying = saying

    def carry(self, deed: FollowUp) -> Carried:
        """Send the mail; a server that says "never" is believed, any other trouble is a pause."""
        if deed.thanks is None or deed.thanks.email is None:
            why = f"a mail cannot carry {deed.duty}"
            return never(Trouble(why, "wrong_carrier", carrier="mail", duty=str(deed.duty)))
        # Asked now, and not when the thanks were planned: an edit in between counts.
        said = self._saying(deed.shop, deed.thanks)
        try:
            mail = message(deed.thanks, deed.id, self._sender, said)
        except ValueError:
            return never(Trouble("the address cannot stand on a mail", "mail_address"))
        return self.post(mail)

    def post(self, mail: EmailMessage) -> Carried:
        """Send a mail that is written; say what came of it."""
        try:
            self._send(mail)
        except smtplib.SMTPRecipientsRefused as error:
            (code, _text) = next(iter(error.recipients.values()), (550, b""))
            return _refused(code)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused) as error:
            # Our own account is at fault: nothing is said about the address.
            why = f"the mail server refused us with {error.smtp_code}"
            return again(Trouble(why, "mail_refused_us", code=error.smtp_code))
        except smtplib.SMTPNotSupportedError as error:
            return again(Trouble(str(error), "mail_unable", what=str(error)))
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            kind = type(error).__name__
            why = f"the mail server was not reached: {kind}"
            return again(Trouble(why, "mail_down", kind=kind))
        return done()


def message(thanks: Thanks, id: str, sender: str, said: Said) -> EmailMessage:
    """Write the mail in all languages: we do not know yet which one its reader prefers."""
    # Seven bits: not every server on the way takes more.
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"] = sender
    mail["To"] = thanks.email
    # The first language's, and in one line: several would end the header.
    mail["Subject"] = " ".join(said[0].subject.split())
    # The same deed tried twice is the same mail: readers and servers fold the two into one.
    mail["Message-ID"] = f"<{id}@{sender.rpartition('@')[2].rstrip('>')}>"
    mail["Date"] = thanks.owed
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n---\n\n".join(f"{one.body.rstrip()}\n" for one in said))
    return mail


def note(sender: str, to: str, subject: str, body: str, id: str) -> EmailMessage:
    """Write a mail to whoever minds a shop; raise `ValueError` for an address that is none.

    ``id``: sent once more it is the same mail.
    """
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{id}@{sender.rpartition('@')[2].rstrip('>')}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body)
    return mail


def mail_carrier(url: str, sender: str, saying: Saying = ours) -> MailCarrier:
    """Return the carrier for ``smtp://…``, ``smtps://…`` or ``folder:/path``; raise `Invalid`."""
    return MailCarrier(sender, sending(url), saying)


def sending(url: str) -> Send:
    """Return what sends a mail over this address; raise `Invalid`."""
    kind, _, folder = url.partition(":")
    if kind == "folder" and folder:
        return _into(Path(folder))
    if not _names_a_server(url):
        raise Invalid(
            field="GOODWORD_MAIL",
            mend="use smtp://user:password@host:587, smtps://… or folder:/path",
        )
    return lambda mail: _over_smtp(url, mail)


def _names_a_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _into(folder: Path) -> Send:
    def send(mail: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = mail["Message-ID"].strip("<>").partition("@")[0]
        (folder / f"{name}.eml").write_bytes(mail.as_bytes())

    return send


def knock(url: str) -> None:
    """Let a mail server let us in, and send nothing; raise what sending would."""
    with _let_in(url) as server:
        server.noop()


def _over_smtp(url: str, mail: EmailMessage) -> None:
    sent = False
    try:
        with _let_in(url) as server:
            server.send_message(mail)
            sent = True
    except TooLate:
        # Once it took the mail, what it says beside that does not count.
        if not sent:
            raise


class _Smtp(smtplib.SMTP):
    """Speaks along a line that can be cut."""

    def _get_socket(self, *given: Any) -> Any:
        line = super()._get_socket(*given)  # type: ignore[misc]
        hold(line)
        return line


class _Smtps(_Smtp, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on."""


@contextmanager
def _let_in(url: str) -> Iterator[smtplib.SMTP]:
    """Open a mail server's door: encrypted where it can, and signed in where we have a name."""
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    # Only where it is needed: to read whom this machine trusts takes longer than to send a letter.
    trusting = ssl.create_default_context
    if parts.scheme == "smtps":
        opened: Callable[..., smtplib.SMTP] = partial(_Smtps, context=trusting())
    else:
        opened = _Smtp
    with ending(_WHOLE), opened(host, port, timeout=_SECONDS) as server:
        # Before the greeting nothing is known of what the server can do.
        server.ehlo_or_helo_if_needed()
        encrypted = parts.scheme == "smtps"
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=trusting())
            encrypted = True
        if parts.username and not encrypted:
            raise smtplib.SMTPNotSupportedError(
                "the mail server cannot encrypt, and no password is sent in the clear"
            )
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def _refused(code: int) -> Carried:
    if 500 <= code < 600:
        why = f"the mail server refused the address with {code}"
        return never(Trouble(why, "mail_refused", code=code))
    why = f"the mail server asked to wait with {code}"
    return again(Trouble(why, "mail_asks_to_wait", code=code))
