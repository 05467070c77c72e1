"""Thanks on their way by mail: a real server answers, agrees, puts off or refuses."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from socket import create_server
from threading import Thread
from time import sleep
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from goodword import Carried, FollowUp, Money
from goodword.errors import Invalid
from goodword.model.followup import Duty, Granted, How, TakingBack
from goodword_server import mail
from goodword_server.mail import MailCarrier, mail_carrier
from tests.sdk.builders import START
from tests.server.letters import HAN, SENDER, read, thanks
from tests.server.processes import free_port

pytestmark = pytest.mark.slow


@dataclass
class Postbox:
    """The other side: keeps what it accepts, and answers as it was told."""

    refusals: list[str] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope
    ) -> str:
        self.envelopes.append(envelope)
        return "250 OK"

    def letters(self) -> list[EmailMessage]:
        return [read(one.original_content or b"") for one in self.envelopes]


Start = Callable[..., str]


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def start(postbox: Postbox) -> Iterator[Start]:
    """Start a mail server with that postbox; return its host and port."""
    with ExitStack() as ending:

        def begin(**options: Any) -> str:
            # Its start-up probe needs to know the port beforehand.
            port = free_port()
            server = Controller(postbox, hostname="127.0.0.1", port=port, **options)
            server.start()
            ending.callback(server.stop)
            return f"127.0.0.1:{port}"

        yield begin


def deed(**changes: Any) -> FollowUp:
    one = FollowUp(
        id="f-1",
        shop="tea-house",
        duty=Duty.THANK,
        subject="17",
        due=START,
        tries=1,
        thanks=thanks(),
    )
    return replace(one, **changes)


def carry(url: str, **changes: Any) -> Carried:
    return mail_carrier(url, SENDER).carry(deed(thanks=thanks(**changes)))


# Delivered.


def test_a_letter_is_delivered(start: Start, postbox: Postbox) -> None:
    assert carry(f"smtp://{start()}") == Carried(how=How.DONE)
    (envelope,) = postbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("thanks@tea.example", ["alice@shop.example"])
    (letter,) = postbox.letters()
    assert letter["From"] == SENDER
    assert letter["To"] == "alice@shop.example"
    assert letter["Message-ID"] == "<f-1@tea.example>"
    assert letter["Date"].datetime == datetime(2026, 11, 22, 9, 20, tzinfo=UTC)
    assert "Hello Alice" in letter.get_content()
    assert HAN.search(letter.get_content())


def test_into_a_folder_it_is_written_as_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "mails" / "out"
    for _ in range(2):
        assert carry(f"folder:{folder}").how is How.DONE
    # The same deed tried twice is one letter.
    (file,) = folder.iterdir()
    assert file.name == "f-1.eml"
    assert read(file.read_bytes())["To"] == "alice@shop.example"


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert carry(f"folder:{tmp_path / 'file' / 'mails'}").how is How.AGAIN


# Not delivered.


@pytest.mark.parametrize("answer", ["452 Mailbox full", "421 Closing", "450 Busy"])
def test_a_server_that_asks_to_wait_is_asked_again(
    start: Start, postbox: Postbox, answer: str
) -> None:
    postbox.refusals.append(answer)
    carried = carry(f"smtp://{start()}")
    assert carried.how is How.AGAIN
    assert carried.reason == f"the mail server asked to wait with {answer[:3]}"
    assert postbox.envelopes == []


@pytest.mark.parametrize("answer", ["550 No such user", "554 Refused"])
def test_a_server_that_says_never_is_believed(start: Start, postbox: Postbox, answer: str) -> None:
    postbox.refusals.append(answer)
    carried = carry(f"smtp://{start()}")
    assert carried.how is How.NEVER
    assert carried.reason == f"the mail server refused the address with {answer[:3]}"


def test_a_server_that_is_down_is_asked_again() -> None:
    carried = carry(f"smtp://127.0.0.1:{free_port()}")
    assert carried.how is How.AGAIN
    assert carried.reason == "the mail server was not reached: ConnectionRefusedError"


def test_one_that_hangs_up_is_asked_again(start: Start, postbox: Postbox) -> None:
    address = start(data_size_limit=10)
    assert carry(f"smtp://{address}").how in {How.AGAIN, How.NEVER}
    assert postbox.envelopes == []


class Dripping(Thread):
    """A mail server that says what it should, up to a word that it never ends."""

    said = ("220 hi", "250 hello", "250 go on", "250 go on", "354 tell", "250 kept", "221 bye")

    def __init__(self, well: int) -> None:
        super().__init__()
        self._well = well
        self._bound = create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._bound.getsockname()[1]}"
        self.was_cut = False

    def run(self) -> None:
        line, _ = self._bound.accept()
        with self._bound, line, line.makefile("rb") as heard:
            try:
                for word in self.said[: self._well]:
                    line.sendall(f"{word}\r\n".encode())
                    while heard.readline().rstrip() != b"." and word.startswith("354"):
                        pass
                while True:
                    line.sendall(b"2")
                    sleep(0.02)
            except OSError:
                self.was_cut = True


@pytest.mark.parametrize("well", [0, 1, 5])
def test_one_that_speaks_a_letter_at_a_time_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, well: int
) -> None:
    monkeypatch.setattr(mail, "_WHOLE", 0.5)
    dripping = Dripping(well)
    dripping.start()
    assert carry(f"smtp://{dripping.address}").how is How.AGAIN
    dripping.join()
    assert dripping.was_cut


def test_what_it_took_is_sent_though_it_never_says_goodbye(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "_WHOLE", 0.5)
    dripping = Dripping(6)
    dripping.start()
    assert carry(f"smtp://{dripping.address}").how is How.DONE
    dripping.join()
    assert dripping.was_cut


@pytest.mark.parametrize("address", ["@", "a@b@c", "a b@shop.example", "x@\r\ny", "<>@", "é@é.é"])
def test_an_address_that_is_none_is_given_up_or_tried_again_but_breaks_nothing(
    start: Start, address: str
) -> None:
    carried = carry(f"smtp://{start()}", email=address)
    assert carried.how is not How.UNKNOWN
    assert carried.how is How.DONE or carried.reason


def test_who_has_no_address_gets_no_mail(tmp_path: Path) -> None:
    assert carry(f"folder:{tmp_path}", email=None).how is How.NEVER
    assert list(tmp_path.iterdir()) == []


def test_a_mail_cannot_carry_a_coupon(tmp_path: Path) -> None:
    granted = Granted(grant="g-1", text="thanks-1", remote="40")
    taking = TakingBack(granted=granted, left=Money(360, "GBP"))
    coupon = deed(duty=Duty.TAKE_BACK, thanks=None, taking_back=taking)
    assert mail_carrier(f"folder:{tmp_path}", SENDER).carry(coupon).how is How.NEVER


def test_whatever_a_sender_raises_of_its_own_is_not_hidden() -> None:
    def fail(_: EmailMessage) -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        MailCarrier(SENDER, fail).carry(deed())


# With a password.


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server speaks TLS with; this process trusts it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


class Doorkeeper:
    """Lets in who knows the password, and remembers who tried."""

    def __init__(self) -> None:
        self.tried: list[tuple[bytes, bytes]] = []

    def __call__(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        self.tried.append((data.login, data.password))
        return AuthResult(success=data.password == b"s3cret/word", handled=False)


def test_where_the_server_can_encrypt_it_is_done_before_the_password(
    start: Start, postbox: Postbox, tls: ssl.SSLContext
) -> None:
    keeper = Doorkeeper()
    address = start(
        tls_context=tls, require_starttls=True, authenticator=keeper, auth_required=True
    )
    assert carry(f"smtp://alice%40tea:s3cret%2Fword@{address}") == Carried(how=How.DONE)
    assert keeper.tried == [(b"alice@tea", b"s3cret/word")]
    assert len(postbox.letters()) == 1


def test_a_server_that_speaks_tls_from_the_start(
    start: Start, postbox: Postbox, tls: ssl.SSLContext
) -> None:
    assert carry(f"smtps://{start(ssl_context=tls)}") == Carried(how=How.DONE)
    assert len(postbox.letters()) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    start: Start, postbox: Postbox, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert carry(f"smtps://{start(ssl_context=tls)}").how is How.AGAIN
    assert carry(f"smtp://{start(tls_context=tls)}").how is How.AGAIN
    assert postbox.envelopes == []


def test_no_password_is_sent_in_the_clear(start: Start) -> None:
    keeper = Doorkeeper()
    address = start(authenticator=keeper, auth_require_tls=False)
    carried = carry(f"smtp://alice:s3cret%2Fword@{address}")
    assert carried.how is How.AGAIN
    assert carried.reason == "the mail server cannot encrypt, and no password is sent in the clear"
    assert keeper.tried == []


def test_a_wrong_password_is_our_fault_and_not_the_addresss(
    start: Start, tls: ssl.SSLContext
) -> None:
    address = start(tls_context=tls, authenticator=Doorkeeper(), auth_required=True)
    carried = carry(f"smtp://alice:wrong@{address}")
    assert carried.how is How.AGAIN
    assert carried.reason == "the mail server refused us with 535"
    assert "wrong" not in carried.reason


# Where to.

WRONG = [
    "",
    "smtp",
    "smtp://",
    "smtp://:25",
    "smtp://host:port",
    "smtp://host:99999",
    "smtp://[::1",
    "http://host",
    "host:25",
    "folder:",
    "folder",
]


@pytest.mark.parametrize("url", WRONG)
def test_an_address_of_no_mail_server_is_a_clear_error(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        mail_carrier(url, SENDER)
    assert refused.value.facts["field"] == "GOODWORD_MAIL"
    assert "smtp://user:password@host:587" in str(refused.value)


def test_the_error_repeats_no_password() -> None:
    with pytest.raises(Invalid) as refused:
        mail_carrier("smtp://alice:s3cret@host:port", SENDER)
    assert "s3cret" not in str(refused.value)
