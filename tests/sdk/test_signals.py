"""Facts measured for the rules."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.signals import canonical_email, canonical_phone, name_key


@pytest.mark.parametrize(
    "spelling",
    [
        "alice@gmail.com",
        "ALICE@Gmail.COM",
        " alice@gmail.com\n",
        "a.l.i.c.e@gmail.com",
        "alice+tea@gmail.com",
        "a.lice+tea+shop@googlemail.com",
        "alice@gmail.com.",
    ],
)
def test_every_spelling_of_a_mailbox_is_one(spelling: str) -> None:
    assert canonical_email(spelling) == "alice@gmail.com"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("al.ice@shop.example", "alice@shop.example"),
        ("alice@shop.example", "alice@other.example"),
        ("alice@gmail.com", "alice@gmail.example"),
        ("+tea@shop.example", "tea@shop.example"),
    ],
)
def test_other_mailboxes_stay_apart(one: str, other: str) -> None:
    assert canonical_email(one) != canonical_email(other)


def test_a_tag_is_private_everywhere() -> None:
    assert canonical_email("alice+tea@shop.example") == "alice@shop.example"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "alice",
        "@shop.example",
        "alice@",
        "alice@.",
        "deleted@site.invalid",
        "Deleted@SITE.invalid",
        "a" * 254 + "@b",
    ],
)
def test_nobodys_mailbox_is_none(text: str | None) -> None:
    assert canonical_email(text) is None


@settings(max_examples=30)
@given(st.from_regex(r"[A-Za-z+. ]{0,6}@?[A-Za-z.]{0,6}(gmail\.com)?", fullmatch=True))
def test_one_spelling_stays_itself(text: str) -> None:
    once = canonical_email(text)
    assert once is None or len(once) <= 255
    if once is not None and once.isascii():
        assert canonical_email(once) == once


# Names.


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("Mei-Lin Chen", "Mei Lin Chen"),
        ("Mei-Lin Chen", "Chen, Mei-Lin"),
        ("Mei-Lin Chen", "CHEN Mei Lin"),
        ("Mei-Lin Chen", "Meilin Chen"),
        ("Mei-Lin Chen", "  mei‐lin\u3000CHEN. "),
        ("Mei-Lin Chen", "Ｍｅｉ－Ｌｉｎ　Ｃｈｅｎ"),
        ("Mei-Lin Chen", "Mei\u200bLin\ufeff Ch\u00aden"),
        ("Mei-Lin Chen", "Ms. Mei-Lin Chen"),
        ("Mei-Lin Chen", "Mei-Lin Chen, Prof. Dr."),
        ("Mei-Lin Chen", "Mei-Lin Chen 小姐"),
        ("Mei-Lin Chen", "Mei-Lin Chen (美玲)"),
        ("José Ángel", "jose angel"),
        ("José Ángel", "ANGEL, Jose\u0301"),
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Søren Ærø", "Soren Aero"),
        ("Jürgen Weiß", "JURGEN WEISS"),
        ("Işıl Yıldız", "ISIL YILDIZ"),
        ("Sinéad O’Brien", "Sinead O'Brien"),
        ("Keanu Kaʻahumanu", "Keanu Kaahumanu"),
        ("J. R. Smith", "JR Smith"),
        ("Алёна Чайка", "Алена Чаика"),
        ("Dr. Ann Lee", "Ann Lee"),
        ("王小明", "王 小明"),
        ("王小明", "王\u3000小\u3000明"),
        ("王小明", "小明 王"),
        ("王小明", "王小明先生"),
        ("王小明", "Mr 王小明"),
        ("王小明", "王小明 老師"),
        ("王小明", "王小明同学"),
        ("王小明", "王小明（小王）"),
        ("王小明", "王小明【會員】"),
        ("王小明", "王小\U000e0101明"),
        ("陳美玲", "陈美玲"),
        ("陳美玲", "陳美玲 (Mei)"),
        ("陳美玲", "陳美玲 (Mei"),
        ("陳美玲", "Mei 陳美玲"),
        ("陳美玲", "陳美玲Mei"),
        ("Mei 美玲", "美玲 mei"),
        ("張國榮", "张国荣"),
        ("黃麗華", "黄丽华"),
        ("溫啟台", "温启臺"),
        ("瑪麗·安", "玛丽・安"),
        ("瑪麗·安", "瑪麗‧安"),
        ("瑪麗·安", "瑪麗安"),
        ("田中 太郎", "太郎 田中"),
        ("タナカ タロウ", "ﾀﾅｶ ﾀﾛｳ"),
        ("김 철수", unicodedata.normalize("NFD", "김철수")),
    ],
)
def test_every_spelling_of_a_name_is_one(name: str, spelling: str) -> None:
    assert name_key(name) is not None
    assert name_key(name) == name_key(spelling)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lin Mei-Chen", "Chen Mei-Lin"),
        ("Jose Maria Garcia", "Maria Jose Garcia"),
        ("Mei-Lin Chen", "Mei-Ling Chen"),
        ("John Smith", "Jon Smith"),
        ("John Smith", "John F. Smith"),
        ("John Smith", "John Smith Jr."),
        ("Jürgen Müller", "Jürgen Mueller"),
        ("Mr Chen", "Mrs Chen"),
        ("王先生", "王小姐"),
        ("王先生", "王"),
        ("歐陽先生", "歐陽小姐"),
        ("王杰", "王傑"),
        ("林云", "林雲"),
        ("陳志文", "陳文志"),
        ("Amy 陳", "Ben 陳"),
        ("Mei 美玲", "Lin 美玲"),
        ("สุดา ใจดี", "สดา ใจดี"),
        ("タナカ", "ダナカ"),
    ],
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert name_key(one) is not None
    assert name_key(one) != name_key(other)


CHINESE = """
    陳怡君 陳志明 陳美玲 陳俊宏 陳冠宇 林志明 林怡君 林淑芬 林美玲 林俊傑 黃淑芬 黃俊傑 黃志偉
    張雅婷 張家豪 張淑惠 李志偉 李家豪 李佳穎 王雅婷 王建民 王小明 吳宗翰 吳佳蓉 劉德華 蔡依林
    蔡英文 楊丞琳 許瑋甯 鄭家純 謝金燕 歐陽娜娜 范姜彥豐 周杰倫
"""
LATIN = """
    Chih-Ming Lin, Chih-Ming Chen, Ming-Chih Lin, Mei-Ling Chen, Mei-Lin Chen, Mei-Chen Lin,
    Chia-Hao Chang, Chia-Hao Chiang, Ya-Ting Wang, Yi-Chun Lin, Chun-Yi Lin, Yi-Ting Lin,
    Wei-Ting Huang, Ting-Wei Huang, Kuan-Yu Chen, Yu-Kuan Chen, John Smith, Joan Smith,
    John Paul Smith, Paul John Smith, Anna Smith, Anne Smith, James Johnson, John Jameson,
    Maria Garcia, Mario Garcia, Marie Dupont, Jean Martin, Martin Jeans, Nguyen Van An,
    Nguyen Thi An, Siti Aminah, Thomas Müller, Lee Ann
"""
NAMES = [*CHINESE.split(), *(name.strip() for name in LATIN.split(","))]


def test_common_names_stay_apart() -> None:
    assert len(NAMES) > 60
    assert [key for key, people in Counter(map(name_key, NAMES)).items() if people > 1] == []
    assert None not in map(name_key, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "  ",
        "a",
        "é",
        "あ",
        "-·.",
        "12345",
        "０９１２",
        "(Mei)",
        "mei@shop.example",
        "mei＠shop.example",
        "@mei",
        "<mei@shop.example>",
        "\u3164\u3164",
        "a" * 101,
        "ﷺ" * 100,
    ],
)
def test_what_is_no_name_is_none(text: str | None) -> None:
    assert name_key(text) is None


def test_a_title_that_shows_when_the_ring_is_opened_is_taken_off() -> None:
    assert name_key("生一小先") == name_key("一小先生") == "一小"


def test_one_character_is_a_name() -> None:
    assert name_key("王") == "王"


@given(
    st.text(max_size=40) | st.text("王先生小姐老師 歐陽学ab()-ßİé\u0301か\u3099가ᄀ", max_size=12)
)
def test_a_key_is_its_own_key(text: str) -> None:
    key = name_key(text)
    assert key is None or name_key(key) == key


@given(
    name=st.sampled_from(NAMES),
    form=st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
    change=st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
    space=st.sampled_from([" ", "  ", "\u3000", "\u00a0", "-", ", ", "\u200b "]),
    turn=st.integers(0, 3),
)
def test_a_name_may_be_turned_spaced_and_shouted(
    name: str,
    form: Literal["NFC", "NFD", "NFKC", "NFKD"],
    change: Callable[[str], str],
    space: str,
    turn: int,
) -> None:
    words = name.replace("-", " ").split()
    turned = space.join(words[turn:] + words[:turn])
    assert name_key(unicodedata.normalize(form, change(turned))) == name_key(name)


# Phones.


@pytest.mark.parametrize(
    "spelling",
    [
        "0912345678",
        "0912-345-678",
        " 0912 345 678\n",
        "(0912) 345.678",
        "０９１２－３４５－６７８",
        "0912–345–678",
        "+886912345678",
        "+886 912 345 678",
        "＋886-912-345-678",
        "(+886) 912 345 678",
        "+886 (0)912 345 678",
        "+8860912345678",
        "886912345678",
        "886-912-345-678",
        "00886912345678",
        "002 886 912 345 678",
        "912345678",
        "\u202a+886 912 345 678\u202c",
        "tel:+886-912-345-678",
        "Tel. 0912345678",
        "0912345678#12",
        "0912345678 ext 5",
        "0912345678 Ext. 5",
        "0912345678 extension 5",
        "0912345678x5",
        "0912345678,5",
        "tel:+886-912-345-678;ext=5",
        "0912345678 分機 12",
        "0912345678轉12",
        "0912345678 (分機12)",
        "0912345678 轉分機 ＃12",
    ],
)
def test_every_spelling_of_a_phone_is_one(spelling: str) -> None:
    assert canonical_phone(spelling) == "+886912345678"


@pytest.mark.parametrize(
    ("phone", "country", "canonical"),
    [
        ("(02) 2345-6789", "TW", "+886223456789"),
        ("(02) 2345-6789", "tw", "+886223456789"),
        ("037-123456", "TW", "+88637123456"),
        ("070-1234-5678", "TW", "+8867012345678"),
        ("090-1234-5678", "JP", "+819012345678"),
        ("010 81 90 1234 5678", "JP", "+819012345678"),
        ("010-1234-5678", "KR", "+821012345678"),
        ("138 1234 5678", "CN", "+8613812345678"),
        ("8613812345678", "CN", "+8613812345678"),
        ("010-62345678", "CN", "+861062345678"),
        ("9123 4567", "HK", "+85291234567"),
        ("001 852 9123 4567", "HK", "+85291234567"),
        ("00852 9123 4567", "HK", "+85291234567"),
        ("012-345 6789", "MY", "+60123456789"),
        ("98123 45678", "IN", "+919812345678"),
        ("91981 23456", "IN", "+919198123456"),
        ("(415) 555-0123", "US", "+14155550123"),
        ("1-415-555-0123", "CA", "+14155550123"),
        ("011 886 912 345 678", "US", "+886912345678"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", None, "+442079460958"),
        ("0151/12345678", "DE", "+4915112345678"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("+39 06 1234 5678", "IT", "+390612345678"),
        ("02 123456", "IT", "+3902123456"),
        ("391 234 5678", "IT", "+393912345678"),
        ("06 20 123 4567", "HU", "+36201234567"),
        ("8 (812) 123-45-67", "RU", "+78121234567"),
        ("812 123-45-67", "RU", "+78121234567"),
        ("+7 812 123-45-67", "RU", "+78121234567"),
        ("8 701 123 45 67", "KZ", "+77011234567"),
        ("+81 90 1234 5678", "TW", "+819012345678"),
        ("0081 90 1234 5678", "TW", "+819012345678"),
        ("00 886 912 345 678", None, "+886912345678"),
        # Not in the table: as it was typed.
        ("+254 712 345678", "TW", "+254712345678"),
        ("00254 712 345678", "DE", "+254712345678"),
    ],
)
def test_a_phone_is_read_as_its_country_dials(
    phone: str, country: str | None, canonical: str
) -> None:
    assert canonical_phone(phone, country) == canonical
    assert canonical_phone(canonical, None) == canonical


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        (None, "TW"),
        ("", "TW"),
        ("0", "TW"),
        ("+", "TW"),
        ("123456", "TW"),
        ("+886 12", "TW"),
        ("0000000000", "TW"),
        ("999999999", "TW"),
        ("0912-345-678-901", "TW"),
        ("+886912345678901", "TW"),
        ("+254" + "1" * 13, "TW"),
        ("0" * 61, "TW"),
        ("alice", "TW"),
        ("a0912345678@shop.example", "TW"),
        ("0912***678", "TW"),
        ("0912345678 王小明", "TW"),
        ("0912-345-678 / 02-2345-6789", "TW"),
        ("1-800-FLOWERS", "US"),
        ("0912345678+886", "TW"),
        # Whose?
        ("0912345678", None),
        ("0912345678", ""),
        ("0912345678", "XX"),
        ("886912345678", "JP"),
        # Without its area it rings elsewhere in every town.
        ("2345-6789", "TW"),
        ("555-0123", "US"),
        # Indonesia's code, or an area of Indonesia.
        ("62812345678", "ID"),
        ("8222123456", "KR"),
        # 00 begins no foreign number in the United States, and there is no code 2.
        ("0021234567", "US"),
        ("+886 00 912 345 678", "TW"),
        ("+852 0912 3456", "HK"),
    ],
)
def test_what_cannot_be_told_to_be_a_phone_is_none(phone: str | None, country: str | None) -> None:
    assert canonical_phone(phone, country) is None


@given(st.text("0123456789+-() #x.", max_size=24), st.sampled_from(["TW", "IT", "HU", "RU", "US"]))
def test_a_canonical_phone_stays_itself(text: str, country: str) -> None:
    once = canonical_phone(text, country)
    if once is not None:
        assert once.startswith("+")
        assert 7 <= len(once) - 1 <= 15
        assert canonical_phone(once, country) == once
