"""How numbers are dialled, country by country."""

from __future__ import annotations

from goodword.dialling import ABROAD, CODES, COUNTRIES


def test_no_calling_code_begins_another() -> None:
    codes = sorted(CODES)
    assert not [(a, b) for a in codes for b in codes if a != b and b.startswith(a)]


def test_countries_that_share_a_code_dial_alike() -> None:
    assert all(CODES[dialling.code] == dialling for dialling in COUNTRIES.values())


def test_lengths_fit_what_the_world_can_dial() -> None:
    for dialling in COUNTRIES.values():
        assert dialling.shortest <= dialling.longest
        assert len(dialling.code) + dialling.longest <= 15


def test_every_way_abroad_has_a_home() -> None:
    assert ABROAD.keys() <= COUNTRIES.keys()
