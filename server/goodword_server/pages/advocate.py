"""The advocate's page, and the ways in: the shop's own link, or one that is mailed."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable, Mapping
from functools import lru_cache, partial, wraps
from pathlib import Path
from traceback import format_tb
from typing import Any, Final
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from goodword.errors import GoodwordError, UnknownOrder
from goodword.model.people import Advocate
from goodword.rules import texts
from goodword.words import put
from goodword.words.messages.values import day
from goodword.zones import zone_of
from goodword_server.entering import COOKIE, Entering, known
from goodword_server.faces import logo_path
from goodword_server.house import House
from goodword_server.languages import LANGUAGES, NAMES
from goodword_server.limits import Standing, TooMany
from goodword_server.looking import is_looking
from goodword_server.looks import Look
from goodword_server.pages import kind
from goodword_server.pages.letters import MINUTES, sign_in_letters
from goodword_server.pages.own import everywhere, own
from goodword_server.pages.page import page, spoken
from goodword_server.post import Post
from goodword_server.sharing import MESSAGE_LONGEST
from goodword_server.storage.installations import Connected
from goodword_server.tickets import Use
from goodword_server.ways import in_ascii

_log = logging.getLogger("goodword_server")
_HERE: Final = Path(__file__).parents[1]
_STYLE: Final = (_HERE / "templates" / "pages" / "advocate.css").read_text("utf-8")
_SCRIPTS: Final = {
    "share.js": _HERE / "static" / "share.js",
    "liff.js": _HERE / "static" / "vendored" / "liff.js",
}
# Only for a shop that has a LIFF app, and by LINE's own description of it.
_FOR_LINE: Final = {
    "script-src": "'self' https://static.line-scdn.net/liff/",
    "connect-src": "https://api.line.me https://liffsdk.line-scdn.net",
}
_EMAIL_LONGEST: Final = 255
_ORDER_LONGEST: Final = 64
_DAY: Final = 86_400

View = Callable[..., ResponseReturnValue]


def blueprint(house: House) -> Blueprint:
    """Return the routes of advocates' pages."""
    pages = Blueprint("advocate", __name__, url_prefix="/<shop>/a")
    at = _Door(house)
    pages.record_once(lambda state: state.app.extensions.update(goodword_pages_post=at.post))
    for path, view, methods in (
        ("", at.show, ["GET"]),
        ("", at.ask, ["POST"]),
        ("/p/<ticket>", at.enter, ["GET"]),
        ("/in/<ticket>", at.offer_in, ["GET"]),
        ("/in/<ticket>", at.come_in, ["POST"]),
        ("/out", at.leave, ["POST"]),
        ("/why", at.why, ["POST"]),
        # Its answer was opened once more, in another browser say: nothing is sent there.
        ("/why", at.back, ["GET"]),
        ("/no/<ticket>", at.offer_no, ["GET"]),
        ("/no/<ticket>", at.decline, ["POST"]),
    ):
        pages.add_url_rule(
            path, f"{view.__name__}", _kindly(house, view), methods=methods, strict_slashes=False
        )
    pages.add_url_rule("/<any('share.js','liff.js'):name>", "script", _script)
    return pages


class _Door:
    """One house's pages for advocates, each a method."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._entering = Entering(house)
        self.post = Post(house)

    def show(self, connected: Connected) -> ResponseReturnValue:
        advocate = self._inside(connected)
        if advocate is None:
            return self._sign_in(connected)
        return self._page(connected, advocate)

    def ask(self, connected: Connected) -> ResponseReturnValue:
        """Take a wish for a link: the answer is the same, whoever has the address."""
        shop, email = connected.installation.shop, request.form.get("email", "").strip()
        _stop_strangers()
        _slow_down(self._house.limits.count_sign_in(shop, self._address()))
        if "@" not in email[1:-1] or len(email) > _EMAIL_LONGEST or not texts.can_be_kept(email):
            return self._sign_in(connected, told="address", status=422)
        letter = self._house.limits.count_letter(shop, self._entering.hidden(email))
        if not letter.over:
            find = partial(sign_in_letters, self._house, self._entering, shop, email, spoken())
            self.post.send_found(find)
        return self._sign_in(connected, told="sent")

    def enter(self, connected: Connected, ticket: str) -> ResponseReturnValue:
        """Let in whoever has a link of the shop's."""
        shop = connected.installation.shop
        whose = self._entering.whose(Use.PAGE, ticket, shop)
        if whose is None or known(self._house, shop, whose) is None:
            return self._sign_in(connected, told="expired", status=410)
        if is_looking(request.environ):
            # Whoever shows a card of the link does not come in.
            return self._sign_in(connected)
        return self._let_in(connected, whose)

    def offer_in(self, connected: Connected, ticket: str) -> ResponseReturnValue:
        """Show a button: a mail program that looks at links beforehand uses none up."""
        if self._entering.whose(Use.SIGN_IN, ticket, connected.installation.shop) is None:
            if self._inside(connected) is not None:
                return redirect(_at(connected))
            return self._sign_in(connected, told="expired", status=410)
        return self._drawn(connected, "button", what="enter", button=True)

    def come_in(self, connected: Connected, ticket: str) -> ResponseReturnValue:
        _stop_strangers()
        shop = connected.installation.shop
        whose = self._entering.use(ticket, shop)
        if whose is None or known(self._house, shop, whose) is None:
            return self._sign_in(connected, told="expired", status=410)
        return self._let_in(connected, whose)

    def leave(self, connected: Connected) -> ResponseReturnValue:
        answer = redirect(_at(connected), 303)
        answer.delete_cookie(COOKIE, path=_path(connected))
        return answer

    def back(self, connected: Connected) -> ResponseReturnValue:
        return redirect(_at(connected))

    def why(self, connected: Connected) -> ResponseReturnValue:
        """Answer a question about an order: of one that is not theirs, as of none at all."""
        advocate = self._inside(connected)
        if advocate is None:
            return self._sign_in(connected, told="expired", status=401)
        shop, order = connected.installation.shop, request.form.get("order", "").strip()
        _slow_down(self._house.limits.count_question(shop, advocate.id))
        if not 0 < len(order) <= _ORDER_LONGEST or not texts.can_be_kept(order):
            return self._page(connected, advocate, order=order, status=422)
        try:
            found = self._house.referrals(shop).advocates.why(
                advocate.id, order, language=spoken(), zone=self._house.look(shop).days_of
            )
        except UnknownOrder:
            return self._page(connected, advocate, order=order, answer=())
        return self._page(connected, advocate, order=order, answer=found.words)

    def offer_no(self, connected: Connected, ticket: str) -> ResponseReturnValue:
        if self._entering.whose(Use.DECLINE, ticket, connected.installation.shop) is None:
            return self._drawn(connected, "button", what="lost", status=404)
        return self._drawn(connected, "button", what="decline", button=True)

    def decline(self, connected: Connected, ticket: str) -> ResponseReturnValue:
        """Say no for somebody: by the button, or by their mail program's (RFC 8058)."""
        shop = connected.installation.shop
        whose = self._entering.whose(Use.DECLINE, ticket, shop)
        if whose is None:
            return self._drawn(connected, "button", what="lost", status=404)
        try:
            self._house.referrals(shop).people.decline(whose)
        except GoodwordError:
            # Nobody goes by it any more: that is what was wished.
            _log.info("somebody declined in %s who was not known any more", shop)
        return self._drawn(connected, "button", what="declined")

    def _page(
        self,
        connected: Connected,
        advocate: Advocate,
        *,
        order: str = "",
        answer: tuple[str, ...] | None = None,
        status: int = 200,
    ) -> Response:
        look = self._house.look(connected.installation.shop)
        shown = own(self._house, connected, advocate, spoken(), _edited())
        scripts = {"script-src": "'self'"} if look.liff is None else _FOR_LINE
        return self._drawn(
            connected,
            "advocate",
            look=look,
            said=shown.said,
            status=status,
            allow=scripts,
            own=shown,
            order=order,
            asked=answer is not None,
            answer=answer or (),
            wrong_order=status == 422,
            liff=look.liff,
            longest=MESSAGE_LONGEST,
            script=partial(_script_url, connected),
        )

    def _sign_in(
        self, connected: Connected, *, told: str | None = None, status: int = 200
    ) -> Response:
        return self._drawn(
            connected,
            "sign_in",
            status=status,
            told=told,
            by_mail=self.post.works,
            minutes=MINUTES,
        )

    def _plain(
        self, connected: Connected, template: str, *, status: int = 200, **facts: Any
    ) -> Response:
        return self._drawn(connected, template, status=status, **facts)

    def _drawn(
        self,
        connected: Connected,
        template: str,
        *,
        look: Look | None = None,
        said: Mapping[str, str] | None = None,
        allow: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> Response:
        style, digest = _more_style()
        shop, language = connected.installation.shop, spoken()
        look = look or self._house.look(shop)
        answer = page(
            template,
            look=look,
            said=said or everywhere(self._house, shop, look, language),
            put=put,
            names=NAMES,
            logo=logo_path(shop, look),
            here=_path(connected),
            query=_query(),
            chosen=request.args.get("language"),
            languages=LANGUAGES,
            day=partial(day, language=language, zone=zone_of(look.days_of)),
            to_shop=in_ascii(f"{connected.installation.url}/"),
            more_style=style,
            allow=allow,
            **facts,
        )
        policy = answer.headers["Content-Security-Policy"]
        answer.headers["Content-Security-Policy"] = policy.replace(
            "style-src ", f"style-src 'sha256-{digest}' "
        )
        # The address of a ticket is told to nobody.
        answer.headers["Referrer-Policy"] = "same-origin"
        return answer

    def _inside(self, connected: Connected) -> Advocate | None:
        """Return whose page this browser may see."""
        shop = connected.installation.shop
        whose = self._entering.whose(Use.SESSION, request.cookies.get(COOKIE, ""), shop)
        return known(self._house, shop, whose) if whose is not None else None

    def _let_in(self, connected: Connected, advocate: str) -> ResponseReturnValue:
        answer = redirect(_at(connected), 303)
        answer.set_cookie(
            COOKIE,
            self._entering.session(connected.installation.shop, advocate),
            max_age=self._entering.session_seconds,
            path=_path(connected),
            secure=self._house.settings.public_url.startswith("https"),
            httponly=True,
            samesite="Lax",
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _address(self) -> str:
        return self._house.addresses.hidden(request.environ)


def _kindly(house: House, view: Callable[..., ResponseReturnValue]) -> View:
    """Let a page be asked for by its shop, and whatever goes wrong be told kindly."""

    @wraps(view)
    def asked(shop: str, **named: str) -> ResponseReturnValue:
        try:
            connected = house.installation_of(shop)
            return kind.unknown_shop() if connected is None else view(connected, **named)
        except TooMany as error:
            look = house.look(shop)
            said = kind.said(house, shop, look, spoken())
            return kind.too_many(error, look=look, said=said, what="slow")
        except HTTPException:
            raise
        except Exception as error:
            # Its own words may hold an address, or what the advocate asked.
            where = "".join(format_tb(error.__traceback__))
            told = "an advocate's page of %s could not be shown: %s\n%s"
            _log.error(told, shop, type(error).__name__, where)
            return kind.trouble()

    return asked


def _edited() -> dict[str, str]:
    """Return the message that the form brought back, by its code."""
    code, text = request.args.get("code"), request.args.get("text")
    return {code: text} if code and text is not None else {}


def _slow_down(standing: Standing) -> None:
    if standing.over:
        raise TooMany(standing)


def _stop_strangers() -> None:
    """Refuse a form that another site's page sends."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def _path(connected: Connected) -> str:
    return f"/{quote(connected.installation.shop)}/a"


def _at(connected: Connected) -> str:
    """Return the page's path; a language that was chosen stays."""
    return _path(connected) + _query()


def _query() -> str:
    chosen = request.args.get("language")
    return f"?language={chosen}" if chosen in LANGUAGES else ""


def _script_url(connected: Connected, name: str) -> str:
    return f"{_path(connected)}/{name}?v={_mark(name)}"


def _script(shop: str, name: str) -> Response:
    answer = Response(_SCRIPTS[name].read_bytes(), content_type="text/javascript; charset=utf-8")
    # Its address changes with its content.
    answer.cache_control.public = True
    answer.cache_control.max_age = _DAY
    return answer


@lru_cache
def _mark(name: str) -> str:
    return hashlib.sha256(_SCRIPTS[name].read_bytes()).hexdigest()[:12]


@lru_cache
def _more_style() -> tuple[Markup, str]:
    digest = hashlib.sha256(_STYLE.encode()).digest()
    return Markup(_STYLE), base64.b64encode(digest).decode()
