"""How a route's path is matched: ids stand in it as shops write them."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, Map

from goodword.interface.routes import WORDS, Route, tails


class Word(BaseConverter):
    """A text without a slash; none at all is for the verb to refuse."""

    regex = "[^/]*"


class Id(BaseConverter):
    """A text that may hold slashes.

    ``tails``: the last steps of longer paths, which are not part of an id.
    """

    part_isolating = False
    weight = 200

    def __init__(self, map: Map, tails: str = "", *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **kwargs)
        self.regex = f"(?s:(?!.*/(?:{tails})$).*?)" if tails else "(?s:.*?)"


def install(app: Flask) -> None:
    """Let an app know how our paths are matched."""
    app.url_map.converters.update(word=Word, id=Id)


def rule_of(route: Route) -> str:
    """Return the path of a route as the app matches it."""

    def part(found: re.Match[str]) -> str:
        name = found[1]
        if name in WORDS:
            return f"<word:{name}>"
        ends = "|".join(sorted(tails(route.path))) if found.end() == len(route.path) else ""
        return f"<id('{ends}'):{name}>" if ends else f"<id:{name}>"

    return re.sub(r"{(\w+)}", part, route.path)
