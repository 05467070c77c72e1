"""The way through the shell: few headings, from each of which every page of its part is near."""

from __future__ import annotations

import pytest

from goodword_server.app import create_app
from goodword_server.house import House
from goodword_server.shell.mount import Mounted
from goodword_server.shell.navigation import GROUPS, OWNERS, WITHIN, navigation
from goodword_server.shell.roles import Role
from tests.sdk.builders import a_shop_with
from tests.server.builders import SHOP
from tests.server.shell.browser import AT, Page, somebody


def reached(page: Page) -> list[str]:
    return [told["href"] for told in page.all("a") if told["href"].startswith(AT)]


def test_every_page_stands_below_one_heading() -> None:
    every = [name for pages in GROUPS.values() for name in pages]
    assert len(every) == len(set(every))
    assert set(WITHIN.values()) <= set(every)
    assert len(GROUPS) <= 5
    assert all(len(pages) <= 5 for pages in GROUPS.values())


def test_every_page_of_the_shell_is_in_it(house: House) -> None:
    mounted = create_app(house=house).extensions["goodword_owner"]
    assert isinstance(mounted, Mounted)
    shown = {
        rule.endpoint.removeprefix("shop."): mounted.shell.view_functions[rule.endpoint]
        for rule in mounted.shell.url_map.iter_rules()
        if rule.endpoint.startswith("shop.") and "GET" in (rule.methods or ())
    }
    every = {name for pages in GROUPS.values() for name in pages}
    assert every <= shown.keys()
    needs = {name: vars(shown[name])["needs"] for name in every}
    assert {name for name, role in needs.items() if role is Role.OWNER} == OWNERS


@pytest.mark.parametrize("role", Role)
def test_nobody_is_offered_what_they_may_not_see(role: Role) -> None:
    for group, pages in GROUPS.items():
        way = navigation(pages[0] if pages[0] not in OWNERS else pages[1], role)
        offered = {one.name for one in way.pages} | {one.page for one in way.groups}
        assert role.may(Role.OWNER) or not offered & OWNERS
        assert [one.name for one in way.groups if one.is_here] == [group]


@pytest.mark.slow
def test_two_steps_lead_everywhere(house: House) -> None:
    a_shop_with(house.referrals(SHOP))
    owner = somebody(house, Role.OWNER)
    first = owner.read(f"{AT}/")
    seen = {one for href in reached(first) for one in reached(owner.read(href))}
    paths = {
        *("/", "/connect", "/stuck", "/programs", "/invite", "/why", "/reviews", "/thanks"),
        *("/messages", "/look", "/proofs", "/webhooks", "/keys", "/accounts", "/log", "/data"),
    }
    assert {f"{AT}{path}" for path in paths} <= seen
    here = [told for told in owner.read(f"{AT}/keys").all("a") if "aria-current" in told]
    assert [told["aria-current"] for told in here] == ["true", "page"]
