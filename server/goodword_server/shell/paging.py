"""A page of a shop: where it stands, who may open it, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final, TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from goodword.errors import Conflict, Unknown
from goodword.model.trouble import trouble_of
from goodword.paging import cursor
from goodword_server.house import House
from goodword_server.shell.desk import Desk, enter
from goodword_server.shell.language import knows, say, tell
from goodword_server.shell.navigation import navigation
from goodword_server.shell.roles import Role

T = TypeVar("T")
Page = Callable[..., ResponseReturnValue]
AT: Final = "/shops/<shop>"


class Pages:
    """The pages of every shop, on one blueprint."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.blueprint = Blueprint("shop", __name__, url_prefix=AT)

    def sees(self, path: str, needs: Role = Role.READONLY) -> Callable[[Page], Page]:
        """Add a page that shows."""
        return self._add(path, needs, "GET")

    def does(self, path: str, needs: Role) -> Callable[[Page], Page]:
        """Add a form that does something."""
        return self._add(path, needs, "POST")

    def _add(self, path: str, needs: Role, method: str) -> Callable[[Page], Page]:
        def add(page: Page) -> Page:
            @wraps(page)
            def view(shop: str, **named: str) -> ResponseReturnValue:
                desk = enter(self._house, shop, needs)
                try:
                    return page(desk, **named)
                except Unknown:
                    abort(404)
                except Conflict as conflict:
                    return _told(desk, conflict)

            view.needs = needs  # type: ignore[attr-defined]
            self.blueprint.add_url_rule(path, view_func=view, methods=[method])
            return page

        return add


def show(template: str, desk: Desk, **facts: Any) -> str:
    """Return a page of a shop."""
    way = navigation(template, desk.role)
    return render_template(f"{template}.html", desk=desk, shop=desk.shop, way_on=way, **facts)


def a_page(verb: Callable[..., Sequence[T]], most: int) -> tuple[Sequence[T], str | None]:
    """Return the page of a list that is asked for, and where the next one begins, if any does."""
    found = verb(after=request.args.get("after"), limit=most + 1)
    shown = found[:most]
    return shown, cursor(shown[-1]) if len(found) > most else None


def done(
    desk: Desk, page: str, key: str, *, id: str | None = None, **facts: object
) -> ResponseReturnValue:
    """Say what was done, on the page that comes next; ``id``: which one, of a kind."""
    flash(say(key, **facts), "success")
    return redirect(url_for(f"shop.{page}", shop=desk.shop, id=id))


def failed(
    desk: Desk, page: str, key: str, *, id: str | None = None, **facts: object
) -> ResponseReturnValue:
    """Say what was not done, on the page that comes next; ``id``: which one, of a kind."""
    flash(say(key, **facts), "error")
    return redirect(url_for(f"shop.{page}", shop=desk.shop, id=id))


def _told(desk: Desk, conflict: Conflict) -> ResponseReturnValue:
    """Say what is in the way: somebody else may have been faster."""
    key = f"conflict.{conflict.reason}"
    if knows(key):
        return failed(desk, "health", key)
    return failed(desk, "health", "conflict.told", what=tell(trouble_of(conflict)))
