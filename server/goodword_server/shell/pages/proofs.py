"""What others say of the shop: shown to friends, with leave alone."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import request
from flask.typing import ResponseReturnValue

from goodword.errors import Invalid, ProofInvalid, UnknownPerson
from goodword.model.proof import Proof, ProofKind
from goodword.storage.sql import new_id
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, done, show
from goodword_server.shell.program_form import NOWHERE, Values, Wrong
from goodword_server.shell.roles import Role

_FIELDS = ("kind", "text", "link", "person", "consented")


def add(pages: Pages) -> None:
    """Add the page and its forms."""

    @pages.sees("/proofs")
    def proofs(desk: Desk) -> ResponseReturnValue:
        return _page(desk, {})

    @pages.does("/proofs", Role.OWNER)
    def add_proof(desk: Desk) -> ResponseReturnValue:
        try:
            proof = _read(request.form, desk.house.now())
            desk.act(
                "proof_saved",
                lambda saved: saved.id,
                lambda referrals, _session: referrals.proofs.save(proof),
            )
        except UnknownPerson as error:
            return _page(desk, request.form, Wrong("person", str(error))), 422
        except Invalid as error:
            field = str(error.facts["field"])
            at = field if field in _FIELDS else NOWHERE
            return _page(desk, request.form, Wrong(at, str(error.facts["mend"]))), 422
        return done(desk, "proofs", "proofs.saved")

    @pages.does("/proofs/removal", Role.OWNER)
    def remove_proof(desk: Desk) -> ResponseReturnValue:
        id = request.form.get("proof", "")
        desk.act("proof_removed", id, lambda referrals, _session: referrals.proofs.remove(id))
        return done(desk, "proofs", "proofs.removed")


def _page(desk: Desk, values: Values, wrong: Wrong | None = None) -> str:
    return show(
        "proofs",
        desk,
        proofs=desk.referrals.proofs.list(),
        kinds=list(ProofKind),
        values=values,
        wrong=wrong,
    )


def _read(values: Values, now: datetime) -> Proof:
    told = {name: values.get(name, "").strip() for name in _FIELDS}
    if told["kind"] not in tuple(ProofKind):
        raise ProofInvalid(field="kind", mend="choose one of the list")
    return Proof(
        id=new_id(now),
        kind=ProofKind(told["kind"]),
        text=told["text"],
        link=told["link"] or None,
        person=told["person"] or None,
        consented=_day(told["consented"], now),
    )


def _day(text: str, now: datetime) -> datetime:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ProofInvalid(field="consented", mend="give a date, like 2026-12-31") from None
    # Today has begun in Taipei while it is yesterday in UTC.
    return min(day, now) if (day - now).days < 1 else day
