"""The HTTP API: each route is a verb of `Referrals`.  The key says whose shop it is."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, g, jsonify, request
from flask.wrappers import Response
from marshmallow import ValidationError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from goodword import wire
from goodword.errors import Invalid
from goodword.interface.referrals import Referrals
from goodword.model.people import Advocate
from goodword.model.program import Program
from goodword_server.house import House


def blueprint(house: House) -> Blueprint:
    """Return the routes under ``/v1``."""
    api = Blueprint("api", __name__, url_prefix="/v1")

    @api.before_request
    def only_with_a_key() -> None:
        g.shop = _shop(house)

    def referrals() -> Referrals:
        return house.referrals(g.shop)

    @api.put("/programs/<name>")
    def save_program(name: str) -> Response:
        program = _body(Program, leave_out=("version", "saved"), name=name)
        return jsonify(wire.plain(referrals().programs.save(program)))

    @api.post("/programs/<program>/advocates")
    def invite(program: str) -> Response:
        given = dict(_json())
        code, coupon = (_text(given, name) for name in ("code", "coupon"))
        advocate = _read(Advocate, given)
        made = referrals().advocates.invite(program, advocate, code=code, coupon=coupon)
        return jsonify(**wire.plain(made), link=house.link(g.shop, made.text))

    @api.get("/orders/<order>/explanation")
    def explain(order: str) -> Response:
        language = request.args.get("language", "en")
        return jsonify(wire.plain(referrals().credit.explain(order, language=language)))

    @api.get("/advocates/<advocate>/rewards")
    def rewards(advocate: str) -> Response:
        return jsonify([wire.plain(one) for one in referrals().rewards.list(advocate)])

    @api.get("/thanks/owed")
    def thanks_owed() -> Response:
        return jsonify([wire.plain(one) for one in referrals().thanks.owed()])

    return api


def _shop(house: House) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    shop = house.shop_of_key(key.strip()) if scheme.lower() == "bearer" and key else None
    if shop is None:
        raise Unauthorized(
            "send `Authorization: Bearer` with one of the shop's API keys",
            www_authenticate=WWWAuthenticate("bearer"),
        )
    return shop


def _body(kind: type[Any], *, leave_out: tuple[str, ...] = (), **known: Any) -> Any:
    return _read(kind, {**_json(), **known}, leave_out=leave_out)


def _read(kind: type[Any], given: dict[str, Any], *, leave_out: tuple[str, ...] = ()) -> Any:
    """Read a value from JSON; raise `Invalid` naming the first field that is wrong."""
    try:
        return wire.schema(cast(Any, kind), leave_out=leave_out)().load(given)
    except ValidationError as error:
        field, told = _first(error.messages)
        raise Invalid(field=field, mend=told) from None


def _json() -> dict[str, Any]:
    try:
        given = request.get_json(silent=True)
    except RecursionError:
        # Nested deeper than anything of ours.
        given = None
    if not isinstance(given, dict):
        raise Invalid(field="body", mend="send a JSON object with Content-Type: application/json")
    return given


def _text(given: dict[str, Any], name: str) -> str | None:
    value = given.pop(name, None)
    if value is not None and not isinstance(value, str):
        raise Invalid(field=name, mend="must be text")
    return value


def _first(messages: Any) -> tuple[str, str]:
    """Return the first wrong field in marshmallow's tree, by its path, and what is wrong."""
    path = []
    while isinstance(messages, dict):
        name, messages = next(iter(messages.items()))
        path.append(str(name))
    told = messages[0] if isinstance(messages, list) else messages
    return ".".join(path), str(told)
