"""What the environment may say of a real shop."""

from __future__ import annotations

import pytest

from tests.plugins.woocommerce.real import naming
from tests.plugins.woocommerce.real.naming import HERE, Named, NamedWrongly, named

SHOP = {
    naming.SHOP_URL: "http://localhost:8811/",
    naming.SHOP_USER: "owner",
    naming.SHOP_PASSWORD: "a pot of oolong",
}
TUNNEL = {naming.SERVER_URL: "https://thanks.example", naming.SERVER_PORT: "8443"}


def test_no_shop_is_named() -> None:
    assert named({}) is None
    assert named({naming.SHOP_URL: " "}) is None


def test_a_shop_on_this_machine_and_one_at_the_end_of_a_tunnel() -> None:
    here = Named("http://localhost:8811", "owner", "a pot of oolong")
    assert named(SHOP) == here
    there = Named(here.shop, here.user, here.password, "https://thanks.example", 8443)
    assert named({**SHOP, **TUNNEL}) == there
    assert "oolong" not in repr(here)


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ({naming.SHOP_USER: ""}, naming.SHOP_USER),
        ({naming.SHOP_PASSWORD: ""}, naming.SHOP_PASSWORD),
        ({naming.SERVER_URL: "https://thanks.example"}, naming.SERVER_PORT),
        ({naming.SERVER_PORT: "any"}, naming.SERVER_PORT),
    ],
)
def test_what_is_missing_is_named(told: dict[str, str], names: str) -> None:
    with pytest.raises(NamedWrongly, match=names):
        named({**SHOP, **told})


def test_only_a_run_that_would_have_come_by_passes_it_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(naming.SHOP_URL, raising=False)
    root = HERE.parents[2]
    assert naming.left_out([str(root)])
    assert naming.left_out([str(HERE / "test_journey.py") + "::test_from_a_link"])
    assert not naming.left_out([str(root / "sdk"), str(HERE.parent / "test_till.py")])
    monkeypatch.setenv(naming.SHOP_URL, "http://localhost:8811")
    monkeypatch.setenv(naming.SHOP_USER, "owner")
    monkeypatch.setenv(naming.SHOP_PASSWORD, "a pot of oolong")
    assert not naming.left_out([str(root)])
