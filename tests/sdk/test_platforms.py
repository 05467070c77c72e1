"""The seam to platforms: found by name, and their troubles told apart."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from goodword import Invalid, platforms, plugins


class Bazaar:
    """A stranger's platform."""

    name = "bazaar"


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but a stranger's platform is installed."""
    one = EntryPoint("bazaar", f"{__name__}:Bazaar", platforms.GROUP)
    # It is found by its name, wherever this file was imported from.
    monkeypatch.setattr(EntryPoint, "load", lambda _: Bazaar)
    monkeypatch.setattr(plugins, "entry_points", EntryPoints([one]).select)


def test_every_installed_platform_is_found() -> None:
    (found,) = platforms.platforms().items()
    assert found[0] == "bazaar"
    assert isinstance(found[1], Bazaar)


def test_a_platform_is_found_by_its_name() -> None:
    assert isinstance(platforms.platform("bazaar"), Bazaar)


def test_one_that_is_not_installed_is_told_with_those_that_are() -> None:
    with pytest.raises(Invalid, match="'etsy' is not installed; installed: bazaar") as caught:
        platforms.platform("etsy")
    assert caught.value.facts["field"] == "platform"


def test_where_none_is_installed_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "entry_points", EntryPoints([]).select)
    with pytest.raises(Invalid, match="installed: none"):
        platforms.platform("etsy")


def test_one_that_lacks_what_it_needs_keeps_no_other_from_being_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load(entry: EntryPoint) -> type[Bazaar]:
        if entry.name == "market":
            raise ModuleNotFoundError("No module named 'scales'", name="scales")
        return Bazaar

    both = [EntryPoint(name, "x:y", platforms.GROUP) for name in ("market", "bazaar")]
    monkeypatch.setattr(EntryPoint, "load", load)
    monkeypatch.setattr(plugins, "entry_points", EntryPoints(both).select)
    assert list(platforms.platforms()) == ["bazaar"]
    assert plugins.lacking(platforms.GROUP) == {
        "market": plugins.Lacking("scales", "install scales")
    }
    with pytest.raises(Invalid, match="'market' needs scales, which is not installed; install"):
        platforms.platform("market")


def test_a_secret_is_never_printed() -> None:
    installation = platforms.Installation(
        shop="tea-house",
        platform="bazaar",
        url="https://tea.example",
        credentials={"key": "s3cret"},
    )
    assert "s3cret" not in repr(installation)
