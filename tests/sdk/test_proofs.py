"""What others say of the shop, and whose words they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from goodword import Advocate, Claiming, Code, Proof, ProofKind, Referrals, UnknownPerson
from goodword.embedded.engine import Engine
from tests.pages import run_python
from tests.sdk.builders import Clock, alice, every_row


@pytest.fixture
def said(referrals: Referrals, code: Code, clock: Clock) -> Proof:
    return referrals.proofs.save(
        Proof(
            id="alice-1",
            kind=ProofKind.TESTIMONIAL,
            text="The best oolong that I ever had.",
            consented=clock.at,
            person=code.advocate,
        )
    )


def test_a_proof_is_kept_in_the_place_of_the_one_of_its_id(
    referrals: Referrals, said: Proof
) -> None:
    changed = replace(said, text="Still the best.")
    assert referrals.proofs.save(changed) == changed
    assert list(referrals.proofs.list()) == [changed]


def test_a_name_is_given_and_given_only(referrals: Referrals, said: Proof, clock: Clock) -> None:
    assert said.name == "Alice"
    # What the caller says of a name counts for nothing.
    assert referrals.proofs.save(replace(said, name="Mei")).name == "Alice"
    referrals.advocates.invite("friends", replace(alice(), name="Mei-Ling Chen"))
    assert [proof.name for proof in referrals.proofs.list()] == ["Mei-Ling"]


def test_a_name_stands_with_the_people_alone(engine: Engine, said: Proof) -> None:
    (row,) = every_row(engine)["goodword_proofs"]
    assert "Alice" not in str(row)


def test_a_friend_who_claimed_may_be_quoted_without_a_name(
    referrals: Referrals, code: Code, said: Proof
) -> None:
    claim = referrals.claim(Claiming(code=code.text, email="bob@friend.example"))
    proof = referrals.proofs.save(replace(said, id="bob-1", person=claim.person))
    assert proof.name is None


def test_who_is_forgotten_is_quoted_no_more(referrals: Referrals, said: Proof) -> None:
    referrals.advocates.invite("friends", Advocate(id="c-2", name="Carol"))
    other = referrals.proofs.save(replace(said, id="carol-1", person="c-2"))
    exported = referrals.people.export("c-1")["proofs"]
    assert [row["text"] for row in exported] == [said.text]
    referrals.people.forget("c-1")
    assert list(referrals.proofs.list()) == [other]
    with pytest.raises(UnknownPerson):
        referrals.proofs.save(said)


def test_the_docs_show_how_it_is_kept(referrals: Referrals, code: Code, clock: Clock) -> None:
    referrals.advocates.invite("friends", Advocate(id="c-17", name="Mei"))
    names = {"referrals": referrals, "Proof": Proof, "ProofKind": ProofKind, "asked": clock.at}
    run_python("pages", names)
    assert [proof.name for proof in referrals.proofs.list()] == ["Mei"]


def test_a_proof_of_one_shop_is_none_of_anothers(engine: Engine, said: Proof) -> None:
    assert list(engine.of("other").proofs.list()) == []
