"""The shell as an app of its own, which `mount` puts under ``/owner``."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import auth_required, current_user
from flask_wtf import CSRFProtect
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from goodword.errors import GoodwordError, Invalid
from goodword.model.money import Money
from goodword.words import amount
from goodword_server import logs
from goodword_server.house import House
from goodword_server.limits import TooMany
from goodword_server.metrics import asked
from goodword_server.post import Post
from goodword_server.problems import status_of
from goodword_server.shell import language, signing
from goodword_server.shell.pages import (
    connect,
    data,
    health,
    invite,
    keys,
    log,
    look,
    members,
    messages,
    programs,
    proofs,
    reviews,
    stuck,
    thanks,
    webhooks,
    why,
)
from goodword_server.shell.paging import Pages

_PARTS: Final = (
    *(health, connect, programs, invite, why, reviews, thanks, proofs, stuck, webhooks),
    *(messages, look, keys, members, data, log),
)
_BODY_MOST: Final = 65_536
_STATIC: Final = Path(__file__).parent / "static"
# Pico draws its arrows from addresses that hold the picture themselves.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_GUESSED: Final = {
    *("security.login", "security.forgot_password"),
    *("security.reset_password", "security.change_password", "security.change_email"),
}
_LARGER: Final = {
    "shop.save_look": look.UPLOAD_MOST,
    "shop.look_at_list": invite.UPLOAD_MOST,
    "shop.invite_all": invite.UPLOAD_MOST,
}
# Said by the page that tells of an error, and not by the error.
_OURS: Final = {"content-type", "content-length"}
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def create_shell(house: House) -> Flask:
    """Return the shell of one house."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _BODY_MOST
    signing.configure(app, house)
    asked.count(app, house)
    # Before the form is read for its mark.
    app.before_request(_make_room)
    CSRFProtect(app)
    signing.install(app, house, Post(house))
    pages = Pages(house)
    for part in _PARTS:
        part.add(pages)
    app.register_blueprint(pages.blueprint)
    _add_doors(app)
    _dress(app, house)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(GoodwordError, _troubled)
    app.before_request(_stay)
    app.before_request(lambda: _slow_down(house))
    app.after_request(_guard)
    logs.install(app)
    return app


def _add_doors(app: Flask) -> None:
    @app.get("/")
    @auth_required("session")
    def shops() -> ResponseReturnValue:
        mine = list(current_user.shops)
        if len(mine) == 1:
            return redirect(url_for("shop.health", shop=mine[0]))
        return render_template("shops.html", shops=mine)

    @app.post("/language")
    def choose_language() -> ResponseReturnValue:
        language.choose(request.form.get("language", ""))
        back = request.form.get("back", "")
        # Only within the shell: an address of another host does not begin so.
        inside = back.startswith(f"{request.script_root}/") and not back.startswith("//")
        return redirect(back if inside and "\\" not in back else url_for("shops"))


def _dress(app: Flask, house: House) -> None:
    """Let templates say sentences, moments and amounts."""
    mark = _mark_of_static()

    @app.context_processor
    def sentences() -> dict[str, Any]:
        return {
            "say": language.say,
            "tell": language.tell,
            "knows": language.knows,
            "language": language.current(),
            "languages": language.LANGUAGES,
            "money": _money,
            "here": request.script_root + request.full_path.rstrip("?"),
            "static_url": lambda name: url_for("static", filename=name, v=mark),
            "public_url": house.settings.public_url,
            "least": signing.PASSWORD_SHORTEST,
            "link_hours": signing.LINK_HOURS,
            "email_hours": signing.EMAIL_HOURS,
            "posts": house.settings.mail is not None,
        }

    app.add_template_filter(_moment, "moment")
    app.add_template_filter(_platform, "platform")
    app.add_template_filter(lambda at: _ago(at, house.now()), "ago")


def _money(worth: Money) -> str:
    return amount(worth, language.current())


def _moment(at: datetime) -> Markup:
    """Return a moment as a person reads it, and as a machine does."""
    told = Markup('<time datetime="{}">{}</time>')
    return told.format(at.isoformat(timespec="seconds"), at.strftime("%Y-%m-%d %H:%M UTC"))


def _platform(name: str) -> str:
    """Return a platform's name as it writes itself."""
    return {"woocommerce": "WooCommerce", "shopify": "Shopify"}.get(name, name)


def _ago(at: datetime, now: datetime) -> str:
    seconds = max(0, int((now - at).total_seconds()))
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return language.say(f"ago.{unit}", count=seconds // length)
    return language.say("ago.now")


def _refused(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    status = error.code or 500
    headers = [one for one in error.get_headers() if one[0].lower() not in _OURS]
    return _page_of(status), status, headers


def _troubled(error: GoodwordError) -> ResponseReturnValue:
    status = 400 if isinstance(error, Invalid) else status_of(error)
    return _page_of(status), status


def _page_of(status: int) -> str:
    known = status if status in (400, 403, 404, 413, 429) else 500
    return render_template("refused.html", status=known)


def _make_room() -> None:
    """Let the forms with a picture or a list in them be larger than the others."""
    most = _LARGER.get(request.endpoint or "")
    if most is not None:
        request.max_content_length = request.max_form_memory_size = most


def _stay() -> None:
    # Each page keeps a session alive; one that nobody uses ends by itself.
    session.permanent = True


def _slow_down(house: House) -> None:
    """Let an address try few passwords a minute, and ask for few mails."""
    if request.method != "POST" or request.endpoint not in _GUESSED:
        return
    standing = house.limits.count_stranger(house.addresses.hidden(request.environ))
    if standing.over:
        raise TooMany(standing)


def _guard(answer: Response) -> Response:
    for name, value in _HEADERS.items():
        answer.headers[name] = value
    if request.endpoint == "static":
        # Its address changes with its content.
        answer.cache_control.max_age = 86_400
    else:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _mark_of_static() -> str:
    marked = hashlib.sha256()
    for path in sorted(_STATIC.rglob("*.*")):
        marked.update(path.read_bytes())
    return marked.hexdigest()[:12]
