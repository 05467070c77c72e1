"""Facts measured for the rules."""

from __future__ import annotations

from typing import Final

# Where dots do not count.  Every provider that we know of lets a plus sign start a private tag.
_DOTLESS: Final = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
# WooCommerce writes this one address over every erased order; it is nobody.
_NOBODY: Final = "site.invalid"
# RFC 5321: a longer one reaches no mailbox.
_LONGEST: Final = 254


def canonical_email(email: str | None) -> str | None:
    """Return one spelling for all spellings that reach the same mailbox; None for nobody's.

    >>> canonical_email(" A.lice+shop@GoogleMail.com")
    'alice@gmail.com'
    """
    local, at, domain = (email or "").strip().lower().rpartition("@")
    domain = domain.rstrip(".")
    local = local.partition("+")[0] or local
    if not at or not local or not domain or domain == _NOBODY or len(email or "") > _LONGEST:
        return None
    if domain in _DOTLESS:
        domain, local = _DOTLESS[domain], local.replace(".", "")
    return f"{local}@{domain}"
