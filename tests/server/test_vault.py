"""What is sealed opens for its own shop and use, with a secret that is still known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword_server.vault import Vault
from tests.server.builders import FIRST_SECRET, NEXT_SECRET

OLD = Vault([FIRST_SECRET])
BOTH = Vault([NEXT_SECRET, FIRST_SECRET])
NEW = Vault([NEXT_SECRET])


@given(st.binary(max_size=200), st.text(max_size=10), st.text(max_size=10))
def test_what_is_sealed_opens_again(plain: bytes, shop: str, use: str) -> None:
    assert OLD.open(OLD.seal(plain, shop, use), shop, use) == plain


def test_nobody_reads_what_is_sealed() -> None:
    sealed = OLD.seal(b"whsec-abc" * 10, "tea-house", "inbox")
    assert b"whsec" not in sealed


def test_the_same_thing_sealed_twice_looks_different() -> None:
    assert OLD.seal(b"a", "tea-house", "inbox") != OLD.seal(b"a", "tea-house", "inbox")


@pytest.mark.parametrize(
    ("shop", "use"), [("other", "inbox"), ("tea-house", "credentials"), ("tea-hous", "einbox")]
)
def test_it_opens_for_no_other_shop_and_no_other_use(shop: str, use: str) -> None:
    sealed = OLD.seal(b"plain", "tea-house", "inbox")
    with pytest.raises(ValueError, match="not sealed for this shop and use"):
        OLD.open(sealed, shop, use)


def test_while_secrets_rotate_the_first_seals_and_all_open() -> None:
    before = OLD.seal(b"plain", "tea-house", "inbox")
    after = BOTH.seal(b"plain", "tea-house", "inbox")
    assert BOTH.open(before, "tea-house", "inbox") == b"plain"
    assert NEW.open(after, "tea-house", "inbox") == b"plain"
    with pytest.raises(ValueError, match="no longer among GOODWORD_SECRETS"):
        NEW.open(before, "tea-house", "inbox")
    with pytest.raises(ValueError, match="no longer among GOODWORD_SECRETS"):
        OLD.open(after, "tea-house", "inbox")


def test_one_flipped_bit_is_noticed_wherever_it_is() -> None:
    sealed = OLD.seal(b"plain", "tea-house", "inbox")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(ValueError, match="sealed"):
            OLD.open(bytes(changed), "tea-house", "inbox")


def test_a_piece_of_it_does_not_open() -> None:
    sealed = OLD.seal(b"plain", "tea-house", "inbox")
    for length in range(len(sealed)):
        with pytest.raises(ValueError, match=r"sealed|[Nn]once"):
            OLD.open(sealed[:length], "tea-house", "inbox")
