"""The pages of a platform's app: in a shop's admin, on the way to a grant, and back from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from goodword.apps import App, AtTheDoor, Frame, LedOn, RequestRefused
from goodword.errors import Conflict, GoodwordError, Invalid, TillTrouble
from goodword.model.trouble import trouble_of
from goodword_server.apps import joined, owners, tied
from goodword_server.apps.asking import app_of, base_of, knock
from goodword_server.apps.tied import Tied
from goodword_server.house import House
from goodword_server.joining import states
from goodword_server.limits import TooMany
from goodword_server.pages import kind
from goodword_server.pages.page import page, spoken
from goodword_server.post import Post
from goodword_server.problems import status_of
from goodword_server.storage import accounts, joinings
from goodword_server.storage.installations import Connected

View = Callable[..., ResponseReturnValue]
_WHAT: Final = {joined.NameTaken: "app.taken", Invalid: "app.elsewhere"}


def blueprint(house: House) -> Blueprint:
    """Return the routes of the pages of every app."""
    pages = Blueprint("app", __name__, url_prefix="/app/<platform>")
    at = _Door(house)
    for path, view, method in (
        ("", at.open, "GET"),
        ("/bounce", at.bounce, "GET"),
        ("/callback", at.come_back, "GET"),
        ("/owner", at.name_owner, "POST"),
    ):
        pages.add_url_rule(
            path, view.__name__, _kindly(view), methods=[method], strict_slashes=False
        )
    return pages


class _Door:
    """One house before the shops' admins, each page a method."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.post = Post(house)

    def open(self, platform: str) -> ResponseReturnValue:
        """Show the app's page in a shop's admin, or lead to where it can be shown."""
        house, app = self._house, app_of(self._house, platform)
        base = base_of(house, platform)
        found = app.opened(knock(), base, house.now())
        if isinstance(found, LedOn):
            return _led(found.url)
        if isinstance(found, AtTheDoor):
            return self._ask(platform, app, found)
        return self._welcome(platform, app, found.claim)

    def bounce(self, platform: str) -> ResponseReturnValue:
        """Fetch a new session token, and lead back to where it was missing."""
        frame = app_of(self._house, platform).bounce(knock(), base_of(self._house, platform))
        return _drawn("bounce", frame)

    def come_back(self, platform: str) -> ResponseReturnValue:
        """Join the shop whose owner agreed; what was begun counts once, and in this browser."""
        house, app, asked = self._house, app_of(self._house, platform), knock("callback")
        self._slow_down()
        begun = tied.tied_to(request, house)
        if begun is None or asked.told("state") != begun.state:
            raise RequestRefused(why="it was not begun in this browser")
        try:
            what = states.believe(
                house, begun.shop, begun.state, states.AGREEMENT, platform, "state"
            )
        except Invalid:
            raise RequestRefused(why="it was used before, or is too old") from None
        answer = self._settle(platform, app, begun, what)
        return tied.untie(answer, house)

    def name_owner(self, platform: str) -> ResponseReturnValue:
        """Mail a link to whoever the first owner is to be, named on the app's page."""
        house, app = self._house, app_of(self._house, platform)
        self._slow_down()
        shop = owners.shown_for(house, platform, request.form.get("form", ""))
        connected = house.installation_of(shop) if shop is not None else None
        if connected is None or connected.installation.platform != platform:
            raise RequestRefused(why="its form is too old")
        told = owners.name(house, self.post, connected, request.form.get("email", ""), spoken())
        frame = app.frame(connected.path)
        return self._shown(platform, connected, frame, told=told)

    def _settle(self, platform: str, app: App, begun: Tied, what: joinings.Begun) -> Response:
        house, shop = self._house, begun.shop or None
        try:
            let_in = app.agreed(
                knock("callback"), begun.state, joined.giving_of(house, shop), house.now()
            )
            if let_in.url != what.url:
                raise RequestRefused(why="its owner meant to connect another one")
            account = what.account or None
            connected = joined.join(house, platform, app, let_in, shop, account)
        except GoodwordError as error:
            self._note(begun, trouble_of(error))
            if shop is None:
                raise
            return _led(f"{house.settings.public_url}/owner/shops/{shop}/connect")
        self._note(begun, "")
        if shop is None:
            return self._shown(platform, connected, None, lacking=let_in.lacking)
        return _led(f"{house.settings.public_url}/owner/shops/{shop}/connect")

    def _note(self, begun: Tied, told: str) -> None:
        self._house.database.write(lambda s: joinings.note(s, begun.shop, begun.state, told))

    def _ask(self, platform: str, app: App, at: AtTheDoor) -> Response:
        """Lead the owner to where they agree; whoever comes back is known by a cookie."""
        house = self._house
        self._slow_down()
        state = house.database.write(
            lambda s: states.agreement_of_stranger(s, house, platform, at.url)
        )
        base = base_of(house, platform)
        giving = joined.giving_of(house, joined.shop_of(house, at.claim))
        way = app.way(at.url, state=state, callback=f"{base}/callback", back=base, giving=giving)
        return tied.tie(_led(way), house, Tied(state, states.NAMELESS))

    def _welcome(self, platform: str, app: App, claim: str) -> Response:
        """Fetch anew what opens the shop: it may have gone, come back, or agreed to more."""
        house, frame = self._house, app.frame(claim)
        giving = joined.giving_of(house, joined.shop_of(house, claim))
        try:
            let_in = app.let_in(knock(), giving, house.now())
            connected = joined.join(house, platform, app, let_in)
        except TillTrouble as error:
            before = house.installation_at(claim)
            if before is None or before.left is not None:
                return _refused(error, frame)
            # What opened it before may be good still.
            return self._shown(platform, before, frame)
        except (Conflict, Invalid) as error:
            return _refused(error, frame)
        return self._shown(platform, connected, frame, lacking=let_in.lacking)

    def _shown(
        self, platform: str, connected: Connected, frame: Frame | None, **facts: Any
    ) -> Response:
        house, shop = self._house, connected.installation.shop
        owned = bool(house.database.read(lambda session: accounts.members_of(session, shop)))
        form = None if owned or not self.post.works else owners.form(house, platform, shop)
        return _drawn(
            "app",
            frame,
            shop=shop,
            owned=owned,
            form=form,
            action=f"/app/{platform}/owner",
            desk=f"{house.settings.public_url}/owner/shops/{shop}/",
            **facts,
        )

    def _slow_down(self) -> None:
        limits, addresses = self._house.limits, self._house.addresses
        standing = limits.count_stranger(addresses.hidden(request.environ))
        if standing.over:
            raise TooMany(standing)


def _led(url: str) -> Response:
    answer = redirect(url)
    assert isinstance(answer, Response)
    # What proves somebody stands in this address: no page on the way is told of it.
    answer.headers.update({"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    return answer


def _drawn(template: str, frame: Frame | None, **facts: Any) -> Response:
    head, allow = (Markup(frame.head), frame.allow) if frame else (Markup(""), {})
    answer = page(template, allow=allow, frame=head, **facts)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _kindly(view: View) -> View:
    """Let whatever goes wrong be told on a page; where no shop is proven, nobody may frame it."""

    @wraps(view)
    def asked(platform: str) -> ResponseReturnValue:
        try:
            return view(platform)
        except TooMany as error:
            return kind.too_many(error)
        except NotFound:
            return _drawn("app_refused", None, status=404, what="app.unknown")
        except (RequestRefused, Conflict, Invalid, TillTrouble) as error:
            return _refused(error, None)

    return asked


def _refused(error: GoodwordError, frame: Frame | None) -> Response:
    if isinstance(error, TillTrouble):
        answer = _drawn("app_refused", frame, status=503, what="app.trouble")
        answer.headers["Retry-After"] = "60"
        return answer
    what = _WHAT.get(type(error), "app.refused")
    return _drawn("app_refused", frame, status=status_of(error), what=what)
