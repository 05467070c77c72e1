"""One spelling for all ways to write the address of one home."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.homes import LONGEST, canonical_home, written

FLAT = "TW\n106\n和平東路二段12號之3 5樓"
ROAD = st.sampled_from(["和平東路二段", "Main Street", "市民大道一段", "Hauptstraße"])
NUMERALS = "〇一二三四五六七八九"


@pytest.mark.parametrize(
    "spelling",
    [
        "tw\n106\n和平東路２段１２號之３　５樓",
        "TW\n10663\n臺北市大安區和平東路二段12號之3 五樓",
        "TW\n106033\n106 台北市大安區 和平東路二段12之3號5F",
        "TW\n106\n和平東路二段12-3號，5 F",
        "TW\n106\n和平東路二段12號之3五樓",
        "TW\n106\n和平東路二段十二之三號\n五楼",
        "TW\n106\n台灣台北市大安區光明里12鄰和平東路2段12—3號5f",
        " TW \n 106 \n 和平 東路 2 段 12 號 之 3 , 5 樓 \n",
    ],
)
def test_every_spelling_of_a_home_is_one(spelling: str) -> None:
    assert canonical_home(spelling) == canonical_home(FLAT) is not None


@pytest.mark.parametrize(
    "other",
    [
        "TW\n106\n和平東路二段12號之3 6樓",
        "TW\n106\n和平東路二段12號之3 5樓之1",
        "TW\n106\n和平東路二段12號之3",
        "TW\n106\n和平東路二段12號 5樓",
        "TW\n106\n和平東路二段123號 5樓",
        "TW\n106\n和平東路一段12號之3 5樓",
        "TW\n106\n和平西路二段12號之3 5樓",
        "TW\n107\n和平東路二段12號之3 5樓",
        "JP\n106\n和平東路二段12號之3 5樓",
    ],
)
def test_other_homes_stay_apart(other: str) -> None:
    assert canonical_home(other) != canonical_home(FLAT)
    assert canonical_home(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GB\nSW1A 2AA\n10 Downing Street\nFlat 3", "gb\nsw1a2aa\n10, DOWNING ST., Apt. 3"),
        ("US\n10001-1234\n5 Fifth Avenue, 3rd floor", "US\n10001\n5 fifth ave 3/F"),
        ("ES\n28001\nCalle Núñez 12", "ES\n28001\nCALLE NUNEZ, 12"),
        ("DE\n10115\nHauptstraße 5", "DE\n10115\nHAUPTSTRASSE 5"),
        ("TW\n100\n忠孝東路1號地下一樓", "TW\n100\n忠孝東路1號B1"),
        ("HK\nKowloon\n1 Nathan Road, 12/F", "HK\nkowloon\n1 nathan rd 12F"),
    ],
)
def test_elsewhere_they_are_one_too(one: str, other: str) -> None:
    assert canonical_home(one) == canonical_home(other) is not None


def test_a_number_of_two_parts_is_not_one_number() -> None:
    told = {canonical_home(f"GB\nN1\n{street} High Road") for street in ("1 2", "12", "1-2")}
    assert len(told) == 3


@pytest.mark.parametrize(
    "nowhere",
    [
        None,
        "",
        "TW",
        "TW\n106",
        "TW\n106\n",
        "TW\n\n和平東路二段12號",
        "TW\n106\n和平東路",
        "TW\n106\n12",
        "TW\n106\n7-ELEVEN 和平門市 和平東路12號",
        "TW\n106\n全家便利商店 和平東路12號",
        "TW\n106\n台北郵政信箱12號",
        "GB\nN1\nP.O. Box 12",
        "GB\nN1\nPO Box 12",
        "GB\nN1\n12 High Road (pick-up point)",
        "DE\n10115\nPackstation 12",
        "TW\n106\n和平東路12號" + "x" * LONGEST,
    ],
)
def test_what_tells_no_home_is_none(nowhere: str | None) -> None:
    assert canonical_home(nowhere) is None


def test_an_order_tells_it_line_by_line() -> None:
    assert written("TW", " 106 ", "台北市", "和平東路二段\n12號", None, "5樓") == (
        "TW\n106\n和平東路二段 12號 5樓"
    )
    assert written(None, None, "Kowloon", "1 Nathan Road") == "\nKowloon\n1 Nathan Road"
    assert written("TW", "106", None, None, "") is None
    assert written("TW", None, " ", "和平東路二段12號") is None
    assert written("TW", "106", None, "和平東路12號" * LONGEST) is None


def _in_words(number: int) -> str:
    """The number as Chinese writes it."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else NUMERALS[tens]) + "十" if tens else ""
    return ten + (NUMERALS[ones] if ones else "")


@given(number=st.integers(1, 99), floor=st.integers(1, 99), beside=st.integers(1, 99))
def test_digits_and_numerals_are_one(number: int, floor: int, beside: int) -> None:
    digits = f"TW\n106\n和平東路2段{number}號之{beside} {floor}樓"
    words = f"TW\n106\n和平東路二段{_in_words(number)}之{_in_words(beside)}號{_in_words(floor)}樓"
    assert canonical_home(words) == canonical_home(digits) is not None


@given(
    road=ROAD,
    one=st.tuples(*[st.integers(1, 999)] * 2),
    other=st.tuples(*[st.integers(1, 999)] * 2),
)
def test_two_flats_are_never_one(road: str, one: tuple[int, int], other: tuple[int, int]) -> None:
    mine, theirs = (
        canonical_home(f"TW\n106\n{road}{number}號{floor}樓") for number, floor in (one, other)
    )
    assert (mine == theirs) == (one == other)


@given(text=st.text(max_size=200))
def test_whatever_is_written_there_is_an_answer(text: str) -> None:
    told = canonical_home(f"TW\n106\n{text}")
    assert told is None or (told == told.casefold() and "\n" not in told)


@given(text=st.text(max_size=60))
def test_spaces_and_width_tell_nothing(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    told = canonical_home(f"GB\nN1\n12 {text}")
    assert canonical_home(f"GB\nN1\n12 {wide}") == told
    assert canonical_home(f"gb\nn1\n 12  {text} ") == told
