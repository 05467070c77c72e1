"""The demo plays its story to the end, and its story is true."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told() -> str:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-m", "goodword_server.demo", "--once"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_bob_and_kate_are_credited_to_alice(told: str) -> None:
    assert told.count("Credited to Alice, by code ALICE10") == 2
    assert "What decided: the coupon ref-alice10 used at the checkout." in told
    assert "the shop's own landing record, with the code ALICE10, which names Alice too" in told


def test_alice_is_thanked_at_once_for_each(told: str) -> None:
    assert told.count("Alice is thanked at once, by mail") == 2


def test_the_reward_waits_is_given_and_comes_back(told: str) -> None:
    rewards = re.findall(r"Alice's reward: (£[\d.]+), (waiting|given)", told)
    assert rewards == [
        ("£7.20", "waiting"),
        ("£3.60", "waiting"),
        ("£7.20", "given"),
        ("£3.60", "given"),
        ("£3.60", "given"),
        ("£3.60", "given"),
    ]
    assert "Alice's reward for order 17 was taken back whole." in told


def test_it_says_which_state_was_not_recorded(told: str) -> None:
    assert "This one state was not recorded" in told


def test_it_ends_with_addresses_to_open(told: str) -> None:
    assert re.search(r"http://127\.0\.0\.1:\d+/bean-street/r/ALICE10$", told, re.M)
    assert re.search(r"http://127\.0\.0\.1:\d+/bean-street/c/ALICE10$", told, re.M)
