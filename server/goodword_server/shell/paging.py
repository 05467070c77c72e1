"""A page of a shop: where it stands, who may open it, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from goodword.errors import Conflict, Unknown
from goodword_server.house import House
from goodword_server.shell.desk import Desk, enter
from goodword_server.shell.language import knows, say
from goodword_server.shell.roles import Role

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
    return render_template(f"{template}.html", desk=desk, shop=desk.shop, **facts)


def done(desk: Desk, page: str, key: str, **facts: object) -> ResponseReturnValue:
    """Say what was done, on the page that comes next."""
    flash(say(key, **facts), "success")
    return redirect(url_for(f"shop.{page}", shop=desk.shop))


def failed(desk: Desk, page: str, key: str, **facts: object) -> ResponseReturnValue:
    """Say what was not done, on the page that comes next."""
    flash(say(key, **facts), "error")
    return redirect(url_for(f"shop.{page}", shop=desk.shop))


def _told(desk: Desk, conflict: Conflict) -> ResponseReturnValue:
    """Say what is in the way: somebody else may have been faster."""
    key = f"conflict.{conflict.reason}"
    return failed(desk, "health", key if knows(key) else "conflict.other")
