"""Whether a proof may be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from goodword import Proof, ProofInvalid, ProofKind
from goodword.rules.proofs import check, readable
from tests.sdk.builders import START

SAID = Proof(
    id="alice-1",
    kind=ProofKind.TESTIMONIAL,
    text="The best oolong that I ever had.",
    consented=START,
    person="c-1",
)
WRITTEN = replace(SAID, kind=ProofKind.ARTICLE, link="https://paper.example/tea?page=2#top")


def field_of(proof: Proof) -> str:
    with pytest.raises(ProofInvalid) as caught:
        check(proof, START)
    return str(caught.value.facts["field"])


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"link": "http://paper.example"},
        {"link": "https://報紙.example/茶"},
        {"text": "茶" * 1000},
        {"kind": ProofKind.ARTICLE, "link": "https://paper.example/a", "person": None},
        {"kind": ProofKind.WHITE_PAPER, "link": "https://paper.example/a.pdf"},
        {"text": "<b>not markup</b> {{ 7 * 7 }}"},
    ],
    ids=str,
)
def test_a_proof_with_leave_may_be_shown(changes: dict[str, Any]) -> None:
    check(replace(SAID, **changes), START)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "x" * 256}, "id"),
        ({"text": " \n "}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"text": "tea\0"}, "text"),
        ({"person": None}, "person"),
        ({"person": ""}, "person"),
        ({"consented": START + timedelta(seconds=1)}, "consented"),
        ({"consented": START.replace(tzinfo=None)}, "consented"),
        ({"consented": START.astimezone(timezone(timedelta(hours=8)))}, "consented"),
    ],
    ids=str,
)
def test_a_proof_that_lacks_something_names_it(changes: dict[str, Any], field: str) -> None:
    assert field_of(replace(SAID, **changes)) == field


@pytest.mark.parametrize("kind", [ProofKind.ARTICLE, ProofKind.WHITE_PAPER])
def test_what_was_written_elsewhere_says_where(kind: ProofKind) -> None:
    assert field_of(replace(WRITTEN, kind=kind, link=None)) == "link"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "//paper.example",
        "/tea",
        "ftp://paper.example",
        "https://",
        "https:///tea",
        "https://shop.example@rogue.example/",
        "https://paper.example\\@rogue.example",
        "https://paper.example/ tea",
        'https://paper.example/"><script>',
        "data:text/html,hello",
        "https://paper.example/" + "x" * 1000,
        "https://paper.example/\ud800",
    ],
)
def test_a_link_leads_to_a_page_and_nowhere_else(link: str) -> None:
    assert field_of(replace(WRITTEN, link=link)) == "link"


def test_a_reader_sees_what_they_can_read_and_all_where_there_is_nothing() -> None:
    said = [replace(SAID, text=text) for text in ("Tea!", "好茶！", "Dragon 龍 tea", "Cake!")]

    def seen(language: str, *places: int) -> list[str]:
        return [one.text for one in readable([said[place] for place in places], language)]

    assert seen("zh-Hant", 0, 1, 2, 3) == ["好茶！", "Dragon 龍 tea"]
    assert seen("en", 0, 1, 2, 3) == ["Tea!", "Cake!"]
    assert seen("zh-Hant", 0, 3) == ["Tea!", "Cake!"]
    assert seen("en", 1) == ["好茶！"]
    assert seen("en") == []
