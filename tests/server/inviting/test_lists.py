"""A list as spreadsheets save it: what is read, and what is told by line and column."""

from __future__ import annotations

import pytest

from goodword import Relation, Vouched
from goodword.errors import Invalid
from goodword.model.moving import Wrong
from goodword_server.inviting import lists
from goodword_server.inviting.lists import BYTES_MOST, PEOPLE_MOST, People

LIN = Vouched(name="Lin", email="lin@tea.example", relation=Relation.EMPLOYEE)


def read(text: str | bytes, relation: Relation | None = Relation.EMPLOYEE) -> People:
    return lists.read(text if isinstance(text, bytes) else text.encode(), relation)


def one_wrong(text: str | bytes, relation: Relation | None = Relation.EMPLOYEE) -> Wrong:
    found = read(text, relation)
    assert found.people == ()
    (wrong,) = found.wrong
    return wrong


@pytest.mark.parametrize(
    "text",
    [
        "name,email\nLin,lin@tea.example\n",
        "name,email\r\nLin,lin@tea.example",
        "\ufeffname,email\r\nLin,lin@tea.example\r\n",
        "name;email\nLin;lin@tea.example\n",
        '"name","email"\n"Lin","lin@tea.example"\n',
        "Email , NAME\n lin@tea.example , Lin \n",
        "姓名,電子郵件\nLin,lin@tea.example\n",
        "\n\nname,email,phone,id\nLin,lin@tea.example,,\n,,,\n\n",
        "name,email,relation\nLin,lin@tea.example,Employee\n",
        "姓名;信箱;關係\nLin;lin@tea.example;員工\n",
    ],
)
def test_spreadsheets_save_one_list_in_many_ways(text: str) -> None:
    found = read(text)
    assert found.wrong == ()
    assert list(found.people) == [LIN]


def test_a_text_in_quotes_holds_commas_and_lines() -> None:
    found = read('name,email\n"Wu, 吳 ""Tea""",wu@tea.example\n\nLin,lin@tea.example\n')
    assert [one.name for one in found.people] == ['Wu, 吳 "Tea"', "Lin"]
    assert list(found.lines) == [2, 4]


def test_what_the_list_says_goes_before_what_is_chosen_for_all() -> None:
    found = read("name,email,relation\nA,a@b.example,partner\nB,b@b.example,\n")
    assert [one.relation for one in found.people] == [Relation.PARTNER, Relation.EMPLOYEE]


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("", "empty", 0, ""),
        ("\n\n", "empty", 0, ""),
        ("name,email\n", "empty", 0, ""),
        ("name,mail,colour\nA,a@b.c,red\n", "column", 1, "colour"),
        ("name,email,name\nA,a@b.c,B\n", "twice", 1, "name"),
        ("name,phone\nA,1\n", "missing", 1, "email"),
        ("name,email\nA,a@b.c,more\n", "surplus", 2, ""),
        ("name,email,relation\nA,a@b.c,boss\n", "relation", 2, "relation"),
        ('name,email\n"A,a@b.c\nB,b@b.c\n', "quotes", 2, ""),
        ('name,email\n"A"x,a@b.c\n', "quotes", 2, ""),
        ("name\temail\nA\ta@b.c\n", "separator", 1, ""),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(
    text: str, reason: str, line: int, column: str
) -> None:
    wrong = one_wrong(text)
    assert (wrong.reason, wrong.line, wrong.column) == (reason, line, column)
    assert wrong.mend


def test_every_wrong_line_is_told_at_once() -> None:
    found = read("name,email,relation\nA,a@b.c,boss\nB,b@b.c,employee\nC,c@b.c,\n", None)
    assert [(one.line, one.reason) for one in found.wrong] == [(2, "relation"), (4, "no_relation")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("姓名,電子郵件\n吳美玲,wu@tea.example\n".encode("cp950"), "big5"),
        ("name,email\nLin,lin@tea.example\n".encode("utf-16"), "utf16"),
        (b"name,email\nL\xe9a,lea@tea.example\n", "not_utf8"),
        (b"PK\x03\x04\x00\x00\x00\x00", "binary"),
        (b"name,email\nLin\0,lin@tea.example\n", "binary"),
        (b"name,email\n" + b"x" * BYTES_MOST, "too_large"),
        (
            b"name,email\n" + b"".join(b"A,a%d@b.c\n" % n for n in range(PEOPLE_MOST + 1)),
            "too_many",
        ),
        (b'name,email\n"' + b"x" * 140_000 + b'",a@b.c\n', "too_long"),
    ],
)
def test_a_file_of_another_kind_is_told_as_what_it_is(data: bytes, reason: str) -> None:
    assert one_wrong(data).reason == reason


def test_as_many_as_may_be_are_read() -> None:
    data = b"name,email\n" + b"".join(b"A,a%d@b.c\n" % n for n in range(PEOPLE_MOST))
    assert len(read(data).people) == PEOPLE_MOST


def test_all_that_is_wrong_is_one_error_for_whoever_wants_people() -> None:
    with pytest.raises(Invalid) as raised:
        lists.check(read("name,email,relation\nA,a@b.c,boss\nB,b@b.c,chief\n"))
    assert "line 2, relation: is no relation" in str(raised.value)
    assert "line 3, relation" in str(raised.value)
