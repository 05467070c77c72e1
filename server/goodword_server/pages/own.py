"""What an advocate's page shows: their links, their friends, their rewards, and thanks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import segno
from markupsafe import Markup

from goodword.interface.referrals import Referrals
from goodword.model.invitation import Brought
from goodword.model.message import EVERY_PROGRAM, Channel
from goodword.model.money import Money
from goodword.model.offer import OfferState
from goodword.model.outcome import Reward, RewardState, Standing
from goodword.model.people import Advocate, Code
from goodword.model.worth import Kind
from goodword.rules.greeting import given_name
from goodword.words import put
from goodword.words.messages.rewards import told
from goodword.words.messages.values import granted
from goodword.zones import zone_of
from goodword_server import flex, sharing
from goodword_server.cards.card import PROMISED, Format
from goodword_server.house import House
from goodword_server.looks import Look
from goodword_server.sharing import Button
from goodword_server.storage.installations import Connected
from goodword_server.ways import applied, to_shop

_NEWEST_MOST: Final = 50
_USABLE: Final = frozenset({RewardState.GRANTED})
_COUPONS: Final = frozenset({"amount_off", "percent_off", "free_shipping", "free_product"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """One code to pass on, and all that goes with it."""

    code: Code
    title: str
    texts: Mapping[str, str]
    """What the page says, by moment."""
    live: bool
    """False: nobody can take its offer up just now."""
    promised: bool
    """False: nothing is passed on, since it would promise what nobody gets."""
    link: str
    sheet: str
    """What the phone's own sheet passes on."""
    qr: Markup
    card: str
    """The address of its picture."""
    square: str
    printed: str
    """The address of the card as it is printed."""
    message: str
    buttons: Sequence[Button]
    more: Sequence[Button]
    flex: str | None
    """What LINE's own picker sends, as JSON; None where the shop has no LIFF app."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Friend:
    """What became of one friend, in words."""

    who: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """One reward, in words."""

    words: str
    coupon: str | None = None
    """Its text, where it can be used."""
    use: str | None = None
    """The way to the shop with it."""
    how: str | None = None
    """What becomes of a coupon on that way: ``applied``, or ``type`` it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """All that the page shows."""

    advocate: Advocate
    said: Mapping[str, str]
    """What the shop says that speaks of no program, by moment."""
    passing: Sequence[Passing]
    friends: Sequence[Friend]
    friends_in_all: int
    gifts: Sequence[Gift]
    debts: Sequence[str]
    thanks_alone: bool
    """Whether no program of theirs gives anything but thanks."""
    thanks: Sequence[datetime]
    """When they were thanked, newest first."""


def own(
    house: House, connected: Connected, advocate: Advocate, language: str, edited: Mapping[str, str]
) -> Own:
    """Return what an advocate's page shows.

    ``edited``: the messages that they changed, by the code's text.
    """
    shop = connected.installation.shop
    referrals, look = house.referrals(shop), house.look(shop)
    said, zone = everywhere(house, shop, look, language, advocate), zone_of(look.days_of)
    brought = referrals.advocates.brought(advocate.id)
    thanked = [one.kept for one in referrals.thanks.of(advocate.id) if one.kept is not None]
    rewards = list(referrals.rewards.list(advocate.id))[-_NEWEST_MOST:]
    codes = referrals.advocates.codes(advocate.id)
    promised = {referrals.programs.find(code.program).reward.kind for code in codes}
    return Own(
        advocate=advocate,
        said=said,
        passing=[
            _passing(house, shop, look, advocate, code, language, edited.get(code.text))
            for code in codes
        ],
        friends=list(_friends(brought, said)),
        friends_in_all=len(brought),
        gifts=[
            _gift(house, connected, one, told(said, one, language, zone))
            for one in reversed(rewards)
        ],
        thanks_alone=promised == {Kind.THANKS},
        debts=list(_debts(referrals.rewards.balance(advocate.id), said, language)),
        thanks=sorted(thanked, reverse=True)[:_NEWEST_MOST],
    )


def _passing(
    house: House,
    shop: str,
    look: Look,
    advocate: Advocate,
    code: Code,
    language: str,
    edited: str | None,
) -> Passing:
    referrals = house.referrals(shop)
    offered = referrals.find_offer(code.text)
    texts = _said(referrals, code, Channel.PAGE, language, look)
    share = _said(referrals, code, Channel.SHARE, language, look)
    link = house.link(shop, code.text)
    message = sharing.message_of(edited, share[f"message.{advocate.relation}"])
    shown = sharing.buttons(link, message, share["mail.subject"], look.shares)
    drawn = f"{house.settings.public_url}/{shop}/c/{code.text}"
    picture = f"{drawn}/{Format.WIDE.file}?language={language}"
    card = None
    if look.liff is not None:
        said = _said(referrals, code, Channel.LINE, language, look)
        through = sharing.with_via(link, sharing.LINE)
        card = json.dumps(flex.card(said, through, picture, look.colour), ensure_ascii=False)
    return Passing(
        code=code,
        title=offered.title,
        texts=texts,
        live=offered.state is OfferState.LIVE,
        promised=offered.state in PROMISED,
        link=sharing.with_via(link, sharing.COPY),
        sheet=sharing.with_via(link, sharing.SHEET),
        qr=qr(sharing.with_via(link, sharing.QR)),
        card=picture,
        square=f"{drawn}/{Format.SQUARE.file}?language={language}",
        printed=f"{drawn}/{Format.A6.file}?language={language}",
        message=message,
        buttons=shown,
        more=sharing.more(link, message, share["mail.subject"], shown),
        flex=card,
    )


def everywhere(
    house: House, shop: str, look: Look, language: str, advocate: Advocate | None = None
) -> Mapping[str, str]:
    """Return what a shop's pages say that speaks of no program."""
    return house.referrals(shop).messages.say(
        EVERY_PROGRAM,
        channel=Channel.PAGE,
        language=language,
        advocate=(given_name(advocate.name) if advocate else None) or "",
        shop=look.name,
        zone=look.days_of,
    )


def qr(link: str) -> Markup:
    """Return a link as a QR code that stands in a page, without any style of its own."""
    # A light ground is part of it: on a dark page it could not be read.
    drawn = segno.make(link, error="m", micro=False).svg_inline(
        dark="#000", light="#fff", border=4, omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(drawn)


def _said(
    referrals: Referrals, code: Code, channel: Channel, language: str, look: Look
) -> Mapping[str, str]:
    return referrals.messages.say(
        code.program,
        channel=channel,
        language=language,
        code=code.text,
        shop=look.name,
        zone=look.days_of,
    )


def _friends(brought: Sequence[Brought], said: Mapping[str, str]) -> Iterator[Friend]:
    for one in reversed(brought[-_NEWEST_MOST:]):
        yield Friend(
            who=one.friend or said["own.friend"],
            at=one.placed,
            words=said[f"own.friend.{one.state}"],
        )


def _gift(house: House, connected: Connected, reward: Reward, words: str) -> Gift:
    if reward.state not in _USABLE or reward.text is None:
        return Gift(words=words)
    installation = connected.installation
    platform = house.platforms.get(installation.platform)
    coupon = reward.text if reward.kind in _COUPONS else None
    way = applied(platform, installation, "/", coupon)
    return Gift(
        words=words,
        coupon=reward.text,
        use=way or to_shop(platform, installation, "/", None),
        how=None if coupon is None else "applied" if way else "type",
    )


def _debts(standings: Iterable[Standing], said: Mapping[str, str], language: str) -> Iterator[str]:
    for one in standings:
        if one.owed_back < 0:
            amount = granted(Money(-one.owed_back, one.unit), language)
            yield put(said["own.owed_back"], amount=amount)
