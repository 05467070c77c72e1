"""What WooCommerce itself noted of how a friend came: it stands beside what our plugin writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from goodword import traces
from goodword.model.order import Landing
from goodword_woocommerce.fields import as_moment

ENTRY: Final = "_wc_order_attribution_session_entry"
ENTERED: Final = "_wc_order_attribution_session_start_time"


def visit(meta: Mapping[str, Any]) -> str | None:
    """Return the visit that link and cart carried; else the one in the address of the landing."""
    return traces.visit(meta) or traces.in_address(meta.get(ENTRY), "gw")


def landing(meta: Mapping[str, Any]) -> Landing | None:
    """Return where the friend landed, if the address names a code."""
    code = traces.in_address(meta.get(ENTRY), "ref")
    return Landing(code=code, at=as_moment(meta.get(ENTERED))) if code else None
