"""How a shop is connected to its platform: joined, looked at, given a new secret, left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from flask import abort, make_response, request, url_for
from flask.typing import ResponseReturnValue

from goodword.errors import Invalid, TillTrouble
from goodword.storage.sql import Session
from goodword.watching import Connects, Ships
from goodword_server.apps import tied
from goodword_server.apps.tied import Tied
from goodword_server.house import UnknownShop
from goodword_server.joining import joined, leaving, states
from goodword_server.joining.leaving import Coupons
from goodword_server.shell.desk import Desk
from goodword_server.shell.language import knows
from goodword_server.shell.pages.health import connected_of
from goodword_server.shell.paging import Pages, done, failed, show
from goodword_server.shell.roles import Role
from goodword_server.storage import farewells, joinings, rounds
from goodword_server.watching.signs import giving_of

_CHOICES: Final = {str(choice): choice for choice in Coupons}
_LAST_SIGNS: Final = 7
# A try that nobody finished is told of for a day.
_TOLD: Final = timedelta(days=1)


def add(pages: Pages) -> None:
    """Add the page and its forms."""
    _add_joining(pages)
    _add_care(pages)


def _add_joining(pages: Pages) -> None:
    @pages.sees("/connect")
    def connect(desk: Desk) -> ResponseReturnValue:
        return _page(desk)

    @pages.does("/connect", Role.OWNER)
    def find_shop(desk: Desk) -> ResponseReturnValue:
        platform = _platform(desk)
        if not _is_https(desk):
            return failed(desk, "connect", "connect.https", url=desk.house.settings.public_url)
        try:
            found = joined.introduced(desk.house, platform, request.form.get("url", ""))
        except (Invalid, TillTrouble) as error:
            return failed(desk, "connect", _why(error))
        state = desk.house.database.write(
            lambda session: states.agreement(
                session, desk.house, desk.shop, desk.person.key, platform, found.url
            )
        )
        page = make_response(
            _page(desk, found=found, way=_way(desk, platform, found.url, state), of=platform)
        )
        if platform in desk.house.apps:
            # Who comes back is the owner themself: only in this browser.
            return tied.tie(page, desk.house, Tied(state, desk.shop))
        return page

    @pages.does("/connect/code", Role.OWNER)
    def pairing_code(desk: Desk) -> ResponseReturnValue:
        platform = _platform(desk)
        if not isinstance(desk.house.platforms.get(platform), Connects):
            abort(404)
        code = desk.act(
            "pairing_code",
            platform,
            lambda _all, session: states.pairing_code(
                session, desk.house, desk.shop, desk.person.key, platform
            ),
        )
        public = desk.house.settings.public_url
        return _page(desk, code=f"{public}/connect/{platform}/{desk.shop}/pairing#{code}")


def _add_care(pages: Pages) -> None:
    @pages.does("/connect/now", Role.STAFF)
    def look_now(desk: Desk) -> ResponseReturnValue:
        known = desk.read(lambda session: rounds.of(session, desk.shop))
        if not known:
            return _not_connected(desk)
        desk.act("looked_at", desk.shop, lambda _all, session: _look_now(desk, session, known))
        return done(desk, "connect", "connect.now.done")

    @pages.does("/connect/secret", Role.OWNER)
    def new_secret(desk: Desk) -> ResponseReturnValue:
        try:
            joined.renew_secret(desk.house, desk.shop, desk.person.key)
        except UnknownShop:
            return _not_connected(desk)
        except Invalid:
            return failed(desk, "connect", "connect.secret.not")
        return done(desk, "connect", "connect.secret.done")

    @pages.does("/connect/leave", Role.OWNER)
    def disconnect(desk: Desk) -> ResponseReturnValue:
        choice = _CHOICES.get(request.form.get("coupons", ""))
        if choice is None or request.form.get("sure") != "yes":
            return failed(desk, "connect", "connect.leave.unsure")
        try:
            leaving.leave(desk.house, desk.shop, choice, desk.person.key)
        except UnknownShop:
            return _not_connected(desk)
        return done(desk, "connect", "connect.leave.done")


def _page(desk: Desk, **shown: Any) -> str:
    connected, sealed = connected_of(desk)
    last, farewell = desk.read(
        lambda session: (joinings.last(session, desk.shop), farewells.last(session, desk.shop))
    )
    key = connected.installation.credentials.get("consumer_key") if connected else None
    now = desk.house.now()
    return show(
        "connect",
        desk,
        connected=connected,
        sealed=sealed,
        rotates=connected is not None and desk.house.rotates(connected),
        hint=key[-_LAST_SIGNS:] if key else None,
        last=last if last and now - last.made < _TOLD else None,
        farewell=farewell,
        https=_is_https(desk),
        platforms=_platforms(desk),
        codes=[name for name, one in desk.house.platforms.items() if isinstance(one, Connects)],
        ships=[name for name, one in desk.house.platforms.items() if isinstance(one, Ships)],
        choices=list(Coupons),
        agreement_minutes=_minutes(states.AGREEMENT_LASTS),
        code_minutes=_minutes(states.PAIRING_LASTS),
        **shown,
    )


def _platforms(desk: Desk) -> list[str]:
    """Return the platforms that a shop can be joined to from here."""
    return list(joined.leading(desk.house))


def _platform(desk: Desk) -> str:
    known = _platforms(desk)
    asked = request.form.get("platform", known[0] if known else "")
    if asked not in known:
        abort(404)
    return asked


def _way(desk: Desk, platform: str, url: str, state: str) -> str:
    public = desk.house.settings.public_url
    posted = f"{public}/connect/{platform}/{desk.shop}"
    brought = f"{public}/app/{platform}/callback"
    return joined.leading(desk.house)[platform].way(
        url,
        state=state,
        callback=brought if platform in desk.house.apps else posted,
        giving=giving_of(desk.house, desk.shop),
        # Whatever the shop adds to it proves nothing: the page shows what is kept here.
        back=public + url_for("shop.connect", shop=desk.shop),
    )


def _why(error: Invalid | TillTrouble) -> str:
    """Return the key of the sentence that tells what is wrong with a shop's address."""
    if isinstance(error, TillTrouble):
        return "connect.why.down"
    key = f"connect.why.{error.facts.get('why', '')}"
    return key if knows(key) else "connect.why.address"


def _look_now(desk: Desk, session: Session, names: Iterable[str]) -> None:
    for name in names:
        rounds.hasten(session, desk.shop, name, desk.house.now())


def _not_connected(desk: Desk) -> ResponseReturnValue:
    return failed(desk, "connect", "connect.not")


def _is_https(desk: Desk) -> bool:
    return desk.house.settings.public_url.startswith("https://")


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
