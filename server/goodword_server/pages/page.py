"""How every page is drawn: in the reader's language, in the shop's colour, and strictly guarded."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Response, render_template, request
from markupsafe import Markup

from goodword_server.languages import LANGUAGES, language_of
from goodword_server.looks import COLOUR, Look

_STYLE: Final = (Path(__file__).parents[1] / "templates" / "pages" / "pages.css").read_text("utf-8")
_POLICY: Final = {
    "default-src": "'none'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    # The shop must see where the friend came from; hosts that it loads from need not.
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def page(
    template: str,
    look: Look | None = None,
    *,
    status: int = 200,
    allow: Mapping[str, str] | None = None,
    **facts: Any,
) -> Response:
    """Return a page as a browser is to get it.

    ``look``: the shop's, whose page it is.  ``facts`` are the template's own.  ``allow`` adds to
    the content security policy, like ``{"script-src": "'self'"}``: a page begins with nothing but
    a style that is known by its hash.
    """
    style, digest = _style(look.accent if look else COLOUR)
    html = render_template(
        f"pages/{template}.html", style=style, look=look, **{"language": spoken(look), **facts}
    )
    answer = Response(html, status)
    answer.headers.update(_HEADERS)
    policy = {**_POLICY, "style-src": f"'sha256-{digest}'", **(allow or {})}
    answer.headers["Content-Security-Policy"] = "; ".join(
        f"{name} {value}" for name, value in policy.items()
    )
    return answer


def spoken(look: Look | None = None) -> str:
    """Return the language of this request's page: as its reader chose, or their browser asks for.

    Else the shop's own.
    """
    chosen = request.args.get("language")
    if chosen in LANGUAGES:
        return chosen
    return language_of(request, look.language if look else "en")


@lru_cache(maxsize=1024)
def _style(colour: str) -> tuple[Markup, str]:
    """Return the style and its digest, by which the browser knows that it is ours."""
    style = f"{_STYLE}:root {{ --go: {colour}; }}\n"
    digest = hashlib.sha256(style.encode()).digest()
    return Markup(style), base64.b64encode(digest).decode()
