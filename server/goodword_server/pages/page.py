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
    template: str, *, status: int = 200, allow: Mapping[str, str] | None = None, **facts: Any
) -> Response:
    """Return a page as a browser is to get it.

    ``facts`` are the template's own.  ``allow`` adds to the content security policy, like
    ``{"script-src": "'self'"}``: a page begins with nothing but a style that is known by its hash.
    """
    style, digest = _style()
    html = render_template(f"pages/{template}.html", style=style, **{"language": spoken(), **facts})
    answer = Response(html, status)
    answer.headers.update(_HEADERS)
    policy = {**_POLICY, "style-src": f"'sha256-{digest}'", **(allow or {})}
    answer.headers["Content-Security-Policy"] = "; ".join(
        f"{name} {value}" for name, value in policy.items()
    )
    return answer


def spoken() -> str:
    """Return the language of this request's page: what its reader chose, or their browser."""
    chosen = request.args.get("language")
    return chosen if chosen in LANGUAGES else language_of(request)


@lru_cache(maxsize=256)
def _style() -> tuple[Markup, str]:
    """Return the style and its digest, by which the browser knows that it is ours."""
    digest = hashlib.sha256(_STYLE.encode()).digest()
    return Markup(_STYLE), base64.b64encode(digest).decode()
