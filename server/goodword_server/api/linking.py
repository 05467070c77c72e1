"""What can be asked next, with what was just told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from goodword.interface.routes import BY_VERB, in_path

_ORDER: Final = "$request.path.order"
_PROGRAM: Final = "$request.path.program"

# A verb, what may follow it, and where each part of that one's path stands.
_LINKS: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "find_code": {
        "advocates.find": {"id": "$response.body#/advocate"},
        "programs.find": {"name": "$response.body#/program"},
    },
    "find_offer": {"programs.find": {"name": "$response.body#/program"}},
    "record_visit": {"find_code": {"text": "$response.body#/code"}},
    "claim": {
        "find_claim": {"id": "$response.body#/id"},
        "confirm": {"claim": "$response.body#/id"},
        "find_code": {"text": "$response.body#/code"},
    },
    "find_claim": {"confirm": {"claim": "$response.body#/id"}},
    "confirm": {"advocates.find": {"id": "$response.body#/advocate"}},
    "record_order": {
        "credit.explain": {"order": "$request.body#/id"},
        "credit.assign": {"order": "$request.body#/id"},
        "record_refund": {"order": "$request.body#/id"},
        "reviews.decide": {"order": "$request.body#/id"},
    },
    "record_refund": {"credit.explain": {"order": _ORDER}},
    "programs.save": {
        "programs.find": {"name": "$response.body#/name"},
        "advocates.invite": {"program": "$response.body#/name"},
    },
    "programs.list": {"programs.find": {"name": "$response.body#/items/0/name"}},
    "advocates.invite": {
        "find_code": {"text": "$response.body#/text"},
        "advocates.find": {"id": "$response.body#/advocate"},
        "advocates.draw": {"program": _PROGRAM, "advocate": "$response.body#/advocate"},
        "advocates.rotate": {"program": _PROGRAM, "advocate": "$response.body#/advocate"},
        "rewards.balance": {"advocate": "$response.body#/advocate"},
    },
    "advocates.draw": {
        "find_code": {"text": "$response.body#/items/0"},
        "find_offer": {"text": "$response.body#/items/0"},
    },
    "advocates.rotate": {"find_code": {"text": "$response.body#/text"}},
    "advocates.find": {
        "rewards.list": {"advocate": "$response.body#/id"},
        "rewards.balance": {"advocate": "$response.body#/id"},
        "rewards.mark_paid": {"advocate": "$response.body#/id"},
    },
    "advocates.merge": {"advocates.find": {"id": "$response.body#/id"}},
    "credit.assign": {"credit.explain": {"order": _ORDER}},
    "reviews.open": {"reviews.decide": {"order": "$response.body#/items/0/order"}},
    "reviews.decide": {"credit.explain": {"order": _ORDER}},
    "rewards.list": {"credit.explain": {"order": "$response.body#/items/0/order"}},
    "rewards.mark_paid": {"rewards.balance": {"advocate": "$request.path.advocate"}},
    "proofs.save": {"proofs.remove": {"id": "$response.body#/id"}},
    "proofs.list": {"proofs.remove": {"id": "$response.body#/items/0/id"}},
    "thanks.owed": {"thanks.keep": {"id": "$response.body#/items/0/id"}},
    "webhooks.add": {
        "webhooks.find": {"id": "$response.body#/webhook/id"},
        "webhooks.rotate": {"id": "$response.body#/webhook/id"},
        "webhooks.remove": {"id": "$response.body#/webhook/id"},
    },
    "webhooks.list": {"webhooks.find": {"id": "$response.body#/items/0/id"}},
    "webhooks.rotate": {"webhooks.remove": {"id": "$request.path.id"}},
    "advocates.reached_at": {"advocates.codes": {"id": "$response.body#/items/0/id"}},
    "advocates.codes": {"find_offer": {"text": "$response.body#/items/0/text"}},
    "thanks.keep": {"advocates.find": {"id": "$response.body#/advocate"}},
}


def name_of(verb: str) -> str:
    """Return the name of a verb's operation."""
    return verb.replace(".", "_")


def links(verb: str) -> dict[str, Any]:
    """Return what may follow a verb, as OpenAPI links."""
    return {name_of(target): _link(target, known) for target, known in _followed(verb)}


def _followed(verb: str) -> list[tuple[str, Mapping[str, str]]]:
    return list(_LINKS.get(verb, {}).items())


def _link(target: str, known: Mapping[str, str]) -> dict[str, Any]:
    # A path that is known in part leads nowhere.
    assert set(known) == set(in_path(BY_VERB[target].path))
    return {"operationId": name_of(target), "parameters": dict(known)}
