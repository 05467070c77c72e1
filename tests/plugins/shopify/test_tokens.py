"""Tokens run out after an hour: renewed by one at a time, and never lost on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import responses

from goodword.errors import TillDown, TillRefused
from goodword.platforms import Installation
from goodword_shopify.calling import Caller
from goodword_shopify.client import DISCONNECTED
from goodword_shopify.door import STALE_SESSION, Door
from goodword_shopify.standin import CLIENT, SECRET, Fault, Shop, StandIn
from goodword_shopify.tokens import Pocket
from tests.plugins.shopify.conftest import BEAN, TEA, door_of, tokens_of

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
REFRESH = f"{TEA} access_token refresh_token"


class Safe:
    """A safe that lets one at a time in, and keeps what it is given, or loses it as told."""

    def __init__(self, installation: Installation) -> None:
        self.kept = installation.credentials
        self._lock = threading.Lock()

    def renew(
        self, shop: str, renewed: Callable[[Mapping[str, str]], Mapping[str, str]]
    ) -> Mapping[str, str]:
        with self._lock:
            self.kept = renewed(self.kept)
            return self.kept


# Being let in


def test_a_session_token_is_exchanged_for_one_that_runs_out(standin: StandIn, tea: Shop) -> None:
    given = door_of(standin).exchange(standin.doors.session_token(TEA), standin.clock.now())
    assert given["expires"] == (standin.clock.now() + timedelta(hours=1)).isoformat()
    assert given["refresh_expires"] == (standin.clock.now() + timedelta(days=90)).isoformat()
    assert standin.doors.enter(given["access_token"], TEA) is not None
    assert "write_discounts" in given["scope"].split(",")


def test_a_stale_session_token_asks_for_a_new_one(standin: StandIn, tea: Shop) -> None:
    token = standin.doors.session_token(TEA)
    standin.clock.sleep(120)
    with pytest.raises(TillRefused) as refused:
        door_of(standin).exchange(token, standin.clock.now())
    assert refused.value.facts["code"] == STALE_SESSION


def test_another_shops_session_token_opens_nothing(standin: StandIn, tea: Shop) -> None:
    standin.open(BEAN)
    with pytest.raises(TillRefused):
        door_of(standin).exchange(standin.doors.session_token(BEAN), standin.clock.now())


def test_a_code_is_redeemed_once(standin: StandIn, tea: Shop) -> None:
    code = standin.doors.code(TEA)
    given = door_of(standin).redeem(code, standin.clock.now())
    assert "refresh_token" in given
    with pytest.raises(TillRefused, match="invalid_request"):
        door_of(standin).redeem(code, standin.clock.now())


def test_the_app_of_one_organisation_is_let_in_for_a_day(standin: StandIn, tea: Shop) -> None:
    given = door_of(standin).refresh({}, standin.clock.now())
    assert given["expires"] == (standin.clock.now() + timedelta(hours=24)).isoformat()
    assert "refresh_token" not in given


def test_a_wrong_secret_opens_nothing(standin: StandIn, tea: Shop) -> None:
    door = Door(Caller("tea-house", f"{standin.url}/{TEA}"), CLIENT, "wrong")
    with pytest.raises(TillRefused, match="invalid_client"):
        door.redeem(standin.doors.code(TEA), standin.clock.now())


@pytest.mark.parametrize("fault", [Fault.GATEWAY, Fault.GATEWAY_AFTER, Fault.DROP, Fault.HTML])
def test_a_door_that_does_not_answer_is_tried_again_later(
    standin: StandIn, tea: Shop, fault: Fault
) -> None:
    standin.fail(fault)
    with pytest.raises(TillDown):
        door_of(standin).exchange(standin.doors.session_token(TEA), standin.clock.now())


# Renewing


def test_a_good_token_is_used_as_it_is(standin: StandIn, tea: Shop) -> None:
    installation = standin.installation("tea-house", TEA)
    token = tokens_of(standin, installation).access()
    assert token == installation.credentials["access_token"]
    assert standin.calls == []


def test_it_is_renewed_in_its_last_five_minutes(standin: StandIn, tea: Shop) -> None:
    installation = standin.installation("tea-house", TEA)
    safe = Safe(installation)
    standin.clock.sleep(3600 - 299)
    token = tokens_of(standin, installation, safe).access()
    assert token != installation.credentials["access_token"]
    assert safe.kept["access_token"] == token
    assert safe.kept["refresh_token"] != installation.credentials["refresh_token"]
    assert safe.kept["client_id"] == CLIENT
    assert standin.calls == [REFRESH]


def test_sixteen_who_find_it_old_renew_it_once(standin: StandIn, tea: Shop) -> None:
    installation = standin.installation("tea-house", TEA)
    safe = Safe(installation)
    standin.clock.sleep(3600)
    with ThreadPoolExecutor(16) as threads:
        found = set(
            threads.map(lambda _: tokens_of(standin, installation, safe).access(), range(16))
        )
    assert len(found) == 1
    assert standin.calls == [REFRESH]


def test_sixteen_whose_token_is_refused_renew_it_once(standin: StandIn, tea: Shop) -> None:
    installation = standin.installation("tea-house", TEA)
    safe, refused = Safe(installation), installation.credentials["access_token"]
    with ThreadPoolExecutor(16) as threads:
        found = set(
            threads.map(
                lambda _: tokens_of(standin, installation, safe).instead_of(refused), range(16)
            )
        )
    assert len(found) == 1
    assert standin.calls == [REFRESH]


@pytest.mark.parametrize("fault", [Fault.GATEWAY_AFTER, Fault.DROP])
def test_an_answer_that_was_lost_is_asked_for_again(
    standin: StandIn, tea: Shop, fault: Fault
) -> None:
    installation = standin.installation("tea-house", TEA)
    safe = Safe(installation)
    standin.clock.sleep(3600)
    standin.fail(fault)
    with pytest.raises(TillDown):
        tokens_of(standin, installation, safe).access()
    assert safe.kept == installation.credentials
    token = tokens_of(standin, installation, safe).access()
    assert standin.doors.enter(token, TEA) is not None


def test_a_door_that_is_shut_for_minutes_stops_nobody(standin: StandIn, tea: Shop) -> None:
    installation = standin.installation("tea-house", TEA)
    standin.clock.sleep(3600 - 200)
    standin.fail(Fault.GATEWAY)
    token = tokens_of(standin, installation).access()
    assert token == installation.credentials["access_token"]


def test_after_ninety_days_its_owner_must_come_back(standin: StandIn, tea: Shop) -> None:
    installation = standin.installation("tea-house", TEA)
    standin.clock.sleep(91 * 86400)
    with pytest.raises(TillRefused, match="open the app again") as refused:
        tokens_of(standin, installation).access()
    assert refused.value.facts["code"] == DISCONNECTED


def test_every_night_what_would_run_out_is_renewed(standin: StandIn, tea: Shop) -> None:
    installation = standin.installation("tea-house", TEA)
    safe = Safe(installation)
    for _ in range(400):
        standin.clock.sleep(86400)
        tokens_of(standin, replace(installation, credentials=safe.kept), safe).keep_alive()
    # Every sixty days, for more than a year.
    assert standin.calls.count(REFRESH) == 6
    assert tokens_of(standin, replace(installation, credentials=safe.kept), safe).access()


def test_a_token_for_ever_becomes_one_that_runs_out(standin: StandIn, tea: Shop) -> None:
    permanent = standin.doors.permanent(TEA)
    installation = replace(
        standin.installation("tea-house", TEA),
        credentials={"client_id": CLIENT, "client_secret": SECRET, "access_token": permanent},
    )
    safe = Safe(installation)
    tokens = tokens_of(standin, installation, safe)
    assert tokens.access() == permanent
    assert tokens.migrate()
    assert standin.doors.enter(permanent, TEA) is None
    assert standin.doors.enter(safe.kept["access_token"], TEA) is not None
    assert "refresh_token" in safe.kept
    assert not tokens_of(standin, replace(installation, credentials=safe.kept), safe).migrate()


def test_the_app_of_one_organisation_needs_no_more_than_its_keys(
    standin: StandIn, tea: Shop
) -> None:
    keys = {"client_id": CLIENT, "client_secret": SECRET}
    installation = replace(standin.installation("tea-house", TEA), credentials=keys)
    safe = Safe(installation)
    token = tokens_of(standin, installation, safe).access()
    assert standin.doors.enter(token, TEA) is not None
    standin.clock.sleep(86_400)
    assert tokens_of(standin, installation, safe).access() != token
    assert standin.calls == [f"{TEA} access_token client_credentials"] * 2


def test_a_token_for_ever_that_is_refused_cannot_be_renewed(standin: StandIn, tea: Shop) -> None:
    given = standin.installation("tea-house", TEA)
    installation = replace(given, credentials={"access_token": "shpat_gone"})
    with pytest.raises(TillRefused, match="open the app again"):
        tokens_of(standin, installation).instead_of("shpat_gone")
    assert standin.calls == []


def test_who_holds_a_token_for_ever_finds_the_one_that_took_its_place(
    standin: StandIn, tea: Shop
) -> None:
    permanent = standin.doors.permanent(TEA)
    given = standin.installation("tea-house", TEA)
    installation = replace(given, credentials={"access_token": permanent})
    safe = Safe(installation)
    late = tokens_of(standin, installation, safe)
    # Another process changed it at night, and with that it opens nothing any more.
    assert tokens_of(standin, installation, safe).migrate()
    assert late.access() == permanent
    standin.calls.clear()
    assert standin.doors.enter(late.instead_of(permanent), TEA) is not None
    assert standin.calls == []


def test_a_change_of_which_no_answer_came_is_one_for_the_owner(standin: StandIn, tea: Shop) -> None:
    permanent = standin.doors.permanent(TEA)
    given = standin.installation("tea-house", TEA)
    installation = replace(given, credentials={"access_token": permanent})
    safe = Safe(installation)
    standin.fail(Fault.GATEWAY_AFTER)
    with pytest.raises(TillDown):
        tokens_of(standin, installation, safe).migrate()
    # What it was opened with is gone, and nobody knows what took its place.
    assert safe.kept == installation.credentials
    with pytest.raises(TillRefused, match="open the app again") as refused:
        tokens_of(standin, installation, safe).instead_of(permanent)
    assert refused.value.facts["code"] == DISCONNECTED


def test_without_a_safe_it_lasts_as_long_as_the_process(standin: StandIn, tea: Shop) -> None:
    installation, pocket = standin.installation("tea-house", TEA), Pocket()
    standin.clock.sleep(3600)
    first = tokens_of(standin, installation, pocket.of(installation)).access()
    assert tokens_of(standin, installation, pocket.of(installation)).access() == first
    assert standin.calls == [REFRESH]


@pytest.mark.parametrize("lasting", [None, 0, -5, "soon", True, 10**12])
@responses.activate
def test_an_answer_that_names_no_end_is_not_for_ever(lasting: object) -> None:
    body: dict[str, Any] = {"access_token": "shpat_new", "scope": "", "expires_in": lasting}
    responses.post(f"https://{TEA}/admin/oauth/access_token", json=body)
    door = Door(Caller("tea-house", f"https://{TEA}"), CLIENT, SECRET)
    given = door.refresh({"refresh_token": "shprt_old", "refresh_expires": "x"}, NOW)
    assert given["expires"] == (NOW + timedelta(minutes=10)).isoformat()
    # Without a new one the old refresh token still counts.
    assert given["refresh_token"] == "shprt_old"


@responses.activate
def test_no_error_tells_a_secret() -> None:
    responses.post(f"https://{TEA}/admin/oauth/access_token", status=400, json={"error": "no"})
    door = Door(Caller("tea-house", f"https://{TEA}"), CLIENT, SECRET)
    with pytest.raises(TillRefused) as refused:
        door.refresh({"refresh_token": "shprt_old"}, NOW)
    assert "shprt" not in str(refused.value)
    assert SECRET not in str(refused.value)
