"""Calls to strangers: none to an inner address in any spelling, none that takes for ever."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from goodword.errors import Invalid
from goodword_server.telling import calling
from goodword_server.telling.addresses import checked, may_be_called
from goodword_server.telling.calling import Answer, post
from tests.server.telling.receivers import Receiver, cut, dripping, endless, garbage, silent

pytestmark = pytest.mark.slow

INNER = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255"),
    *("192.168.1.1", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200"),
    *("192.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "192.88.99.1", "168.63.129.16", "::ffff:168.63.129.16"),
    *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe"),
    *("::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"),
    *("2002:7f00:1::", "2002:a9fe:a9fe::", "2001::1", "100::1", "5f00::1", "3fff::1"),
]
OPEN = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"]
# Other spellings of this machine, and of the cloud's metadata.
SPELLED = [
    *("2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.1", "017700000001"),
    *("2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518"),
    *("127。0。0。1", "１２７.０.０.１", "①②⑦.⓪.⓪.①"),
    *("localhost", "LOCALHOST", "localhost.", "x.localhost", "printer.local", "vault.internal"),
]


def named(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.fixture
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is connected to, it fails the test."""

    def connect(line: socket.socket, address: Any) -> None:
        raise AssertionError(f"{address} was called")

    monkeypatch.setattr(socket.socket, "connect", connect)


class Resolver:
    """A name server of ours: what each name leads to, one answer after another."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: Any, port: Any, *given: Any, **named: Any) -> list[Any]:
        address = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        rest = (0, 0) if ":" in address else ()
        return [(family, socket.SOCK_STREAM, 6, "", (address, int(port or 0), *rest))]


# Which address.


@pytest.mark.parametrize("address", INNER)
def test_no_inner_address_may_be_called(address: str) -> None:
    assert not may_be_called(ip_address(address), local=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", Resolver(address))
        patch.setattr(socket.socket, "connect", None)
        answer = post("https://tea.example/", b"{}", {}, local=False)
    assert answer == Answer(None, "its name leads to no address of the open internet")


@pytest.mark.parametrize("address", OPEN)
def test_addresses_of_the_open_internet_may_be(address: str) -> None:
    assert may_be_called(ip_address(address), local=False)
    assert checked(f"https://{named(address)}/hooks", local=False)


@pytest.mark.usefixtures("nobody_is_asked")
@pytest.mark.parametrize("host", [*SPELLED, *map(named, INNER)])
def test_an_inner_address_is_refused_in_every_spelling(host: str) -> None:
    for scheme in ("https", "http"):
        answer = post(f"{scheme}://{host}/", b"{}", {}, local=False)
        assert answer.status is None
        assert "was called" not in answer.reason


@pytest.mark.parametrize("host", SPELLED)
def test_and_told_when_it_is_added(host: str) -> None:
    with pytest.raises(Invalid, match=r"^url: ") as refused:
        checked(f"https://{host}/hooks", local=False)
    assert refused.value.facts["field"] == "url"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "tea.example",
            "//tea.example",
            "http://tea.example",
            "ftp://tea.example",
            "https://",
        ),
        *("https://user@tea.example/", "https://u:p@tea.example/", "https://tea.example/#top"),
        *("https://tea.example:22/", "https://tea.example:80/", "https://tea.example:6379/"),
        *(
            "https://tea.example:port/",
            "https://tea.example:0/",
            "https://[::1",
            "https://tea.example:99999/",
        ),
        *("javascript:alert(1)", "file:///etc/passwd", "https://tea.example/" + "a" * 1000),
        *("https://tea example/", "https://tea.example/\n", "https://169.254.169.254/latest"),
    ],
)
def test_what_is_no_address_of_an_endpoint_is_a_clear_error(url: str) -> None:
    if url.endswith("\n"):
        assert checked(url, local=False) == "https://tea.example/"
        return
    with pytest.raises(Invalid, match=r"^url: "):
        checked(url, local=False)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://tea.example/hooks?a=1", "https://tea.example/hooks?a=1"),
        ("https://tea.example:8443/", "https://tea.example:8443/"),
        ("https://茶.example/店", "https://xn--cl1a.example/%E5%BA%97"),
    ],
)
def test_a_good_one_is_kept_in_ascii(url: str, kept: str) -> None:
    assert checked(url, local=False) == kept


def test_for_development_this_machine_will_do_and_no_other() -> None:
    assert checked("http://127.0.0.1:5000/hooks", local=True)
    assert checked("http://localhost:5000/hooks", local=True)
    for host in ("10.0.0.1", "169.254.169.254", "192.168.1.1", "[fe80::1]"):
        with pytest.raises(Invalid, match="open internet"):
            checked(f"http://{host}/", local=True)


# What the name leads to.


def test_a_name_is_asked_once_and_the_call_goes_to_what_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolver = Resolver("93.184.216.34", "127.0.0.1")
    called: list[Any] = []

    def connect(line: socket.socket, address: Any) -> None:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", asked_by_name(resolver))
    monkeypatch.setattr(socket.socket, "connect", connect)
    answer = post("https://tea.example/", b"{}", {}, local=False)
    assert called == [("93.184.216.34", 443)]
    assert resolver.asked == 1
    assert answer.status is None


def asked_by_name(resolver: Resolver) -> Any:
    """The resolver, and for what is an address already the real one, which asks nobody."""
    real = socket.getaddrinfo

    def ask(host: Any, *given: Any, **named: Any) -> Any:
        if str(host).endswith(".example"):
            return resolver(host, *given, **named)
        return real(host, *given, **named)

    return ask


def test_a_name_that_leads_inside_the_second_time_is_refused_the_second_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolver = Resolver("93.184.216.34", "10.0.0.1")
    called: list[Any] = []

    def connect(line: socket.socket, address: Any) -> None:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", asked_by_name(resolver))
    monkeypatch.setattr(socket.socket, "connect", connect)
    post("https://tea.example/", b"{}", {}, local=False)
    answer = post("https://tea.example/", b"{}", {}, local=False)
    assert [host for host, _ in called] == ["93.184.216.34"]
    assert answer.reason == "its name leads to no address of the open internet"


def test_no_proxy_of_the_environment_is_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post(receiver.url, b"{}", {}, local=True).is_fine


# What a stranger does.


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "SECONDS", 0.3)
    monkeypatch.setattr(calling, "_TIMEOUT", (0.2, 0.2))


def test_a_call_takes_body_and_headers_along(receiver: Receiver) -> None:
    answer = post(receiver.url, b'{"a":1}', {"webhook-id": "e-1"}, local=True)
    assert answer == Answer(204, "it answered 204")
    (got,) = receiver.got
    assert (got.path, got.body, got.id) == ("/hooks", '{"a":1}', "e-1")
    assert got.headers["user-agent"] == "goodword"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_is_followed_elsewhere(receiver: Receiver, status: int) -> None:
    receiver.answers, receiver.headers = [status], {"location": "/elsewhere"}
    answer = post(receiver.url, b"{}", {}, local=True)
    assert (answer.status, answer.is_fine) == (status, False)
    assert len(receiver.got) == 1


def test_one_that_asks_to_wait_is_heard(receiver: Receiver) -> None:
    receiver.answers, receiver.headers = [429, 503], {"retry-after": "120"}
    assert post(receiver.url, b"{}", {}, local=True).after == 120
    receiver.headers = {"retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"}
    assert post(receiver.url, b"{}", {}, local=True).after is None


@pytest.mark.usefixtures("hasty")
def test_one_that_says_nothing_is_left(receiver: Receiver) -> None:
    receiver.answers = [silent]
    assert post(receiver.url, b"{}", {}, local=True) == Answer(None, "it did not answer in time")


@pytest.mark.usefixtures("hasty")
def test_one_that_answers_a_letter_at_a_time_is_cut_off(receiver: Receiver) -> None:
    receiver.answers = [dripping(receiver.ended)]
    assert post(receiver.url, b"{}", {}, local=True) == Answer(None, "it did not answer in time")
    assert not receiver.ended.is_set()


@pytest.mark.usefixtures("hasty")
def test_whoever_hangs_up_is_cut_off_like_another(receiver: Receiver) -> None:
    start = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1000000\r\n\r\n"
    receiver.answers = [dripping(receiver.ended, start)]
    # It has answered before it was cut.
    assert post(receiver.url, b"{}", {}, local=True) == Answer(200, "it answered 200")
    assert not receiver.ended.is_set()


def test_a_body_without_end_is_not_read(receiver: Receiver) -> None:
    receiver.answers = [endless]
    assert post(receiver.url, b"{}", {}, local=True) == Answer(200, "it answered 200")


@pytest.mark.parametrize("wrong", [cut, garbage])
def test_one_that_breaks_off_or_talks_nonsense_is_no_answer(receiver: Receiver, wrong: Any) -> None:
    receiver.answers = [wrong]
    answer = post(receiver.url, b"{}", {}, local=True)
    assert answer.status is None
    assert answer.reason.startswith("it was not reached, or broke off")


def test_one_that_is_not_there_is_no_answer(receiver: Receiver) -> None:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{line.getsockname()[1]}/"
        assert post(url, b"{}", {}, local=True).status is None


def test_one_whose_certificate_is_none_is_no_answer(receiver: Receiver) -> None:
    answer = post(receiver.url.replace("http:", "https:"), b"{}", {}, local=True)
    assert answer == Answer(None, "its certificate cannot be trusted")
