"""The friend's page: the gift first, one button, and the coupon with the way to the shop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from traceback import format_tb
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from goodword.errors import (
    CodeEnded,
    GoodwordError,
    Invalid,
    OwnCode,
    ProgramPaused,
    UnknownClaim,
    UnknownCode,
)
from goodword.model.credit import Visiting
from goodword.model.offer import OfferState
from goodword.model.people import Claim, Claiming
from goodword.model.terms import ClaimBy
from goodword.platforms import Platform
from goodword_server import faces, ways
from goodword_server.house import House
from goodword_server.languages import LANGUAGES, NAMES
from goodword_server.limits import TooMany
from goodword_server.looking import in_app, is_looking
from goodword_server.looks import Look
from goodword_server.pages import kind
from goodword_server.pages.gift import Gift, gift
from goodword_server.pages.keeping import Keeping, Kept
from goodword_server.pages.page import page, spoken
from goodword_server.storage.installations import Connected
from goodword_server.visitors import Visitors

_log = logging.getLogger("goodword_server")
# A page that is opened again within a day is the same arrival.
_ONE_VISIT: Final = timedelta(days=1)
# So long it is still said that the gift is theirs, and not that it was.
_JUST_TAKEN: Final = timedelta(minutes=10)
_CONTACT_LONGEST: Final = 254
_STATUS: Final = {
    OfferState.LIVE: 200,
    OfferState.NOT_YET: 200,
    OfferState.OVER: 410,
    OfferState.PAUSED: 200,
    OfferState.CODE_ENDED: 410,
}


@dataclass(frozen=True, slots=True)
class _Door:
    """A friend before the page of one shop's code."""

    shop: str
    code: str
    """As it stands in the address."""
    connected: Connected
    look: Look
    address: str
    """Of whoever asks, as no more than a hash."""
    landing: str

    @property
    def path(self) -> str:
        return f"/{self.shop}/c/{self.code}"


def blueprint(friends: Friends) -> Blueprint:
    """Return the routes of the friend's page."""
    pages = Blueprint("friend", __name__)
    pages.add_url_rule("/<shop>/c/<code>", "see", friends.see, methods=["GET"])
    pages.add_url_rule("/<shop>/c/<code>", "take", friends.take, methods=["POST"])
    return pages


class Friends:
    """Shows a gift, and gives it."""

    def __init__(self, house: House) -> None:
        self._house = house
        secrets, is_https = house.settings.secrets, house.settings.public_url[:5] == "https"
        self._visitors = Visitors(secrets, secure=is_https)
        self._keeping = Keeping(secrets, secure=is_https)

    def see(self, shop: str, code: str) -> Response:
        """Show the gift; whoever arrives is kept as a visit, once."""
        return self._kindly(shop, code, self._seen)

    def take(self, shop: str, code: str) -> Response:
        """Give the gift to whoever sent the form."""
        return self._kindly(shop, code, self._taken)

    def preview(self, shop: str, code: str) -> Response | None:
        """Return what a previewer sees of a link; None where there is no gift to show."""
        try:
            door = self._door(shop, code)
            shown = self._gift(door) if door is not None else None
        except (GoodwordError, TooMany):
            return None
        except Exception:
            _log.exception("a card for %s could not be made", shop)
            return None
        if door is None or shown is None:
            return None
        if shown.offered.state not in (OfferState.LIVE, OfferState.NOT_YET):
            return None
        return self._draw(door, shown, Kept(), url=self._house.link(shop, shown.code))

    def _kindly(self, shop: str, code: str, do: Callable[[_Door], Response]) -> Response:
        """Answer whatever happens with a page that says what now."""
        plain, to_shop, look = None, None, None
        try:
            door = self._door(shop, code)
            if door is None:
                return kind.unknown_shop()
            look = door.look
            plain = self._way(door, door.landing)
            to_shop = self._way(door, door.landing + ways.unseen(door.landing, code))
            return do(door)
        except TooMany as error:
            return kind.too_many(error, to_shop, look, self._said(shop, look))
        except HTTPException as error:
            return kind.kind("unread", error.code or 400, to_shop, look, self._said(shop, look))
        except (UnknownCode, Invalid):
            return kind.kind("missing", 404, plain, look, self._said(shop, look))
        except Exception as error:
            # Its own words may hold what the friend wrote.
            where = "".join(format_tb(error.__traceback__))
            _log.error("a page of %s could not be shown: %s\n%s", shop, type(error).__name__, where)
            return kind.trouble(to_shop, look)

    def _said(self, shop: str, look: Look | None) -> Mapping[str, str] | None:
        """Return what the shop says that speaks of no program."""
        return kind.said(self._house, shop, look, spoken(look)) if look else None

    def _door(self, shop: str, code: str) -> _Door | None:
        connected = self._house.installation_of(shop)
        if connected is None:
            return None
        address = self._house.addresses.hidden(request.environ)
        landing = ways.landing_of(request.args.get("to"))
        return _Door(shop, code, connected, self._look(shop), address, landing)

    def _look(self, shop: str) -> Look:
        try:
            return self._house.look(shop)
        except Exception:
            # Rather a plain page than none: what it stands on is asked for next.
            return Look(name=shop)

    def _gift(self, door: _Door) -> Gift:
        with self._house.limits.guessing(door.shop, door.address):
            referrals = self._house.referrals(door.shop)
            return gift(referrals, door.code, spoken(door.look), door.look)

    def _seen(self, door: _Door) -> Response:
        shown = self._gift(door)
        if is_looking(request.environ):
            return self._draw(door, shown, Kept())
        visitor, is_new = self._visitor()
        before = self._keeping.read(request, door.shop, shown.code)
        kept = self._visited(door, shown, before, visitor)
        answer = self._draw(door, shown, kept, visitor=visitor)
        return self._remember(
            answer, door, shown, kept if kept != before else None, visitor if is_new else None
        )

    def _taken(self, door: _Door) -> Response:
        self._house.limits.claiming(door.shop, door.address)
        shown = self._gift(door)
        if not shown.is_live or shown.is_shared:
            return _back(door)
        visitor, is_new = self._visitor()
        kept = self._keeping.read(request, door.shop, shown.code)
        if not self._is_ours(door, shown, None if is_new else visitor):
            answer = self._wrong(door, shown, kept, visitor, "again", 400)
            return self._remember(answer, door, shown, None, visitor if is_new else None)
        try:
            with self._house.limits.guessing(door.shop, door.address):
                claim = self._house.referrals(door.shop).claim(_claiming(shown, kept))
        except Invalid:
            return self._wrong(door, shown, kept, visitor, f"{shown.offered.claim_by}.wrong", 422)
        except OwnCode:
            return self._draw(door, shown, kept, state="own", status=409, claim=None)
        except (CodeEnded, ProgramPaused):
            return _back(door)
        kept = replace(kept, claim=claim.id, taken=self._house.now())
        return self._remember(_back(door), door, shown, kept, None)

    def _wrong(
        self, door: _Door, shown: Gift, kept: Kept, visitor: str, wrong: str, status: int
    ) -> Response:
        """Show the form once more, as it was filled in, with what is wrong."""
        contact = request.form.get("contact", "")[:_CONTACT_LONGEST]
        said = {"wrong": wrong, "contact": contact, "state": "offer", "claim": None}
        return self._draw(door, shown, kept, visitor=visitor, status=status, **said)

    def _visited(self, door: _Door, shown: Gift, kept: Kept, visitor: str) -> Kept:
        """Keep the arrival as a visit, unless it was kept just before."""
        now = self._house.now()
        if kept.seen is not None and now - kept.seen < _ONE_VISIT:
            return kept
        via = ways.word(request.args.get("via", "")) or in_app(request.environ)
        visiting = Visiting(code=shown.code, landing=door.landing, via=via, visitor=visitor)
        try:
            visit = self._house.referrals(door.shop).record_visit(visiting)
        except (UnknownCode, ProgramPaused):
            # A code that has ended, or rests, is shown, and counts no more.
            return kept
        except Exception:
            _log.exception("a visit to %s was not kept", door.shop)
            return kept
        return replace(kept, visit=visit.id, seen=now)

    def _claim(self, door: _Door, kept: Kept) -> Claim | None:
        """Return the claim that this browser made, if its coupon is good still."""
        if kept.claim is None:
            return None
        try:
            claim = self._house.referrals(door.shop).find_claim(kept.claim)
        except UnknownClaim:
            return None
        return claim if claim.expires > self._house.now() else None

    def _is_ours(self, door: _Door, shown: Gift, visitor: str | None) -> bool:
        token, now = request.form.get("token", ""), self._house.now()
        return self._keeping.is_ours(token, door.shop, shown.code, visitor, now)

    def _visitor(self) -> tuple[str, bool]:
        known = self._visitors.known(request.environ.get("HTTP_COOKIE", ""))
        return known or self._visitors.new(), known is None

    def _remember(
        self, answer: Response, door: _Door, shown: Gift, kept: Kept | None, visitor: str | None
    ) -> Response:
        """Let the browser keep what is new."""
        if kept is not None:
            answer.set_cookie(**self._keeping.cookie(door.shop, shown.code, door.path, kept))
        if visitor is not None:
            cookie = self._visitors.cookie(visitor, f"/{quote(door.shop)}/c/")
            answer.headers.add("Set-Cookie", cookie)
        return answer

    def _draw(
        self, door: _Door, shown: Gift, kept: Kept, *, visitor: str | None = None, **said: Any
    ) -> Response:
        """Return the page; what is ``said`` takes the place of what it would say by itself."""
        claim = self._claim(door, kept)
        now, state = self._house.now(), _state(shown, claim)
        address = self._house.page(door.shop, shown.code)
        facts = {
            "gift": shown,
            "logo_path": faces.logo_path(door.shop, door.look),
            "language": shown.language,
            "state": state,
            "status": 200 if claim else _STATUS[shown.offered.state],
            "claim": claim,
            "is_new": kept.taken is not None and now - kept.taken < _JUST_TAKEN,
            "token": visitor and self._keeping.token(door.shop, shown.code, visitor, now),
            "action": _here(door),
            "others": _others(door, shown.language),
            "address": address,
            "own_page": _own_page(door),
            "url": address,
            **self._to_shop(door, shown, kept, claim),
        }
        return page("friend", door.look, **{**facts, **said})

    def _to_shop(self, door: _Door, shown: Gift, kept: Kept, claim: Claim | None) -> dict[str, Any]:
        """Return the coupon, and the way to the shop, with the coupon applied if it can be."""
        coupon = claim.coupon if claim else shown.coupon
        # A coupon that the shop has not made yet would be refused there.
        made = coupon if claim is None or claim.made else None
        landing, installation = _marked(door, shown, kept), door.connected.installation
        applied = ways.applied(self._platform(door), installation, landing, made)
        way = applied or self._way(door, landing)
        return {"coupon": coupon, "to_shop": way, "is_applied": applied is not None}

    def _way(self, door: _Door, landing: str) -> str:
        return ways.to_shop(self._platform(door), door.connected.installation, landing, None)

    def _platform(self, door: _Door) -> Platform | None:
        return self._house.platforms.get(door.connected.installation.platform)


def _state(shown: Gift, claim: Claim | None) -> str:
    if claim is not None and shown.offered.state is not OfferState.PAUSED:
        return "taken"
    if not shown.is_live:
        return shown.offered.state
    return "shared" if shown.is_shared else "offer"


def _claiming(shown: Gift, kept: Kept) -> Claiming:
    contact = request.form.get("contact", "").strip()
    by_phone = shown.offered.claim_by is ClaimBy.PHONE
    return Claiming(
        code=shown.code,
        email=None if by_phone else contact,
        phone=contact if by_phone else None,
        visit=kept.visit,
    )


def _marked(door: _Door, shown: Gift, kept: Kept) -> str:
    """Return where in the shop the friend is led, with what tells the shop who sent them."""
    state = shown.offered.state
    if state is OfferState.CODE_ENDED or (state is OfferState.PAUSED and kept.visit is None):
        # Nothing new travels on, and the shop keeps what it knows from before.
        return door.landing
    if kept.visit is None:
        return door.landing + ways.unseen(door.landing, shown.code)
    return door.landing + ways.seen(door.landing, shown.code, kept.visit)


def _here(door: _Door, language: str | None = None) -> str:
    """Return this page's address, with what its reader chose."""
    chosen = language or request.args.get("language")
    query = {
        **({"to": door.landing} if door.landing != "/" else {}),
        **({"language": chosen} if chosen in LANGUAGES else {}),
    }
    return quote(door.path) + (f"?{urlencode(query)}" if query else "")


def _own_page(door: _Door) -> str:
    """Return the advocate's page, in the language that was chosen here."""
    chosen = request.args.get("language")
    query = f"?{urlencode({'language': chosen})}" if chosen in LANGUAGES else ""
    return f"/{quote(door.shop)}/a{query}"


def _others(door: _Door, language: str) -> list[tuple[str, str, str]]:
    """Return the other languages: tag, own name, and where this page speaks it."""
    return [(one, NAMES[one], _here(door, one)) for one in LANGUAGES if one != language]


def _back(door: _Door) -> Response:
    """Lead to the page itself, so that it can be opened once more without sending anything."""
    return Response(status=303, headers={"Location": _here(door), "Cache-Control": "no-store"})
