"""What the field gets wrong about credit and money, pain by pain, and the test that holds it here.

The numbers are those of the field study, section 3; ``notes`` are its section 7.  A pain without
a test of its own elsewhere has it in test_pains_of_credit.py or test_pains_of_money.py.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

pytestmark = pytest.mark.slow

HERE: Final = Path(__file__).parent
PAINS: Final = {
    "2: promised, and not in the code": [
        "test_peers_pains.py::test_every_pain_names_tests_that_there_are",
    ],
    "3: a refund leaves the reward standing": [
        "test_refunds.py::test_inside_the_hold_what_waits_is_taken_back",
        "test_refunds.py::test_an_unused_coupon_is_made_smaller_or_disabled",
        "test_refunds.py::test_a_used_coupon_stays_used_and_leaves_a_debt",
        "test_refunds.py::test_a_commission_that_was_paid_leaves_a_debt",
    ],
    "4: a partial refund is ignored": [
        "test_refunds_of_any_money.py::test_a_refund_leaves_an_exact_share",
        "test_pains_of_money.py::test_refunds_may_be_repeated_until_nothing_is_left",
    ],
    "5: reversed at the wrong rate after the rules changed": [
        "test_pains_of_money.py::test_a_reversal_keeps_the_rate_of_the_earning",
        "test_pains_of_money.py::test_a_balance_never_counts_what_was_taken_back",
    ],
    "6: a self-referral with a second address": [
        "test_who_is_credited.py::test_a_mailbox_is_known_with_and_without_its_dots",
        "test_who_is_credited.py::test_who_the_friend_is_may_be_learned_later",
        "test_pains_of_credit.py::test_who_refers_themself_is_known_by_account_or_mailbox",
    ],
    "7: honest people are blocked": [
        "test_pains_of_credit.py::test_an_advocate_may_be_the_friend_of_another",
        "test_pains_of_credit.py::test_a_refusal_says_why_in_both_languages",
    ],
    "8: a household is treated as a crime": [
        "test_pains_of_credit.py::test_a_household_is_looked_at_and_then_earns_or_not",
    ],
    "9: codes leak to coupon sites": [
        "test_pains_of_credit.py::test_a_code_that_leaked_is_rotated_and_links_shared_before_still_count",
        "test_pains_of_credit.py::test_a_friends_own_coupon_is_theirs_and_used_once",
    ],
    "10: the friend left the page and the credit was lost": [
        "test_pains_of_credit.py::test_a_friend_who_left_the_page_is_known_by_their_address",
        "test_pains_of_credit.py::test_a_claim_after_the_order_still_counts_within_its_grace",
    ],
    "13: the coupon says one, the link another": [
        "rules/test_credit.py::test_a_stronger_rung_beats_a_weaker_one",
        "test_pains_of_credit.py::test_where_coupon_and_link_disagree_the_loser_is_told_and_kept",
        "test_pains_of_credit.py::test_the_owner_may_credit_another_and_must_say_why",
    ],
    "14: crediting the last referrer spoils the visits": [
        "test_pains_of_credit.py::test_deciding_otherwise_changes_no_visit",
    ],
    "15: logs that lie": [
        "test_within.py::test_a_rollback_keeps_neither",
        "test_pains_of_credit.py::test_what_failed_was_not_created",
    ],
    "16: guests are not credited, inactive advocates are": [
        "test_pains_of_credit.py::test_a_guest_is_credited_like_anybody",
        "test_pains_of_credit.py::test_who_ended_before_the_order_earns_nothing_though_linked_before",
    ],
    "17: a reward's coupon does not work": [
        "test_followup.py::test_a_grant_that_the_shop_refuses_is_due_again",
        "test_followup.py::test_a_refused_grant_is_no_reward_given",
        "test_programs.py::test_a_shop_promises_what_its_platform_can_grant",
    ],
    "20: deliveries lost, doubled, out of order": [
        "test_properties.py::test_order_17_ends_the_same_in_any_order_twice",
        "test_properties.py::test_its_refunds_may_arrive_alone",
        "test_refunds_in_any_order.py"
        "::test_whatever_comes_the_book_and_the_shop_agree_with_the_newest_states",
    ],
    "25: lost because logged in, in another browser, or not typed in time": [
        "test_pains_of_credit.py::test_who_has_an_account_already_may_still_claim",
        "test_pains_of_credit.py::test_a_visit_that_the_link_carries_needs_no_cookie",
        "test_pains_of_credit.py::test_the_owner_may_credit_another_and_must_say_why",
    ],
    "notes: one reversal per refund": [
        "test_record_refund.py::test_the_same_refund_twice_counts_once",
        "test_record_refund.py::test_a_refund_that_the_order_names_too_counts_once",
    ],
    "notes: the remaining cents fall on the last refund": [
        "test_pains_of_money.py::test_refunds_may_be_repeated_until_nothing_is_left",
    ],
    "notes: already paid is a negative balance": [
        "test_disputes_and_debts.py::test_later_earnings_pay_a_debt_first_and_never_more_than_it",
        "test_disputes_and_debts.py"
        "::test_a_commission_that_was_paid_too_much_is_kept_from_the_next_payment",
    ],
    "notes: a coupon not yet used is disabled": [
        "test_refunds.py::test_an_unused_coupon_is_made_smaller_or_disabled",
    ],
    "notes: the advocate is told in plain words": [
        "test_pains_of_money.py::test_what_was_taken_back_is_told_in_plain_words",
    ],
    "notes: rung, evidence, window and reason are kept": [
        "test_pains_of_credit.py::test_where_coupon_and_link_disagree_the_loser_is_told_and_kept",
    ],
    "notes: who was never a customer": [
        "rules/test_qualification.py::test_a_program_may_want_first_orders",
    ],
}


@pytest.mark.parametrize("pain", PAINS)
def test_every_pain_names_tests_that_there_are(pain: str) -> None:
    for named in PAINS[pain]:
        file, test = named.split("::")
        assert re.search(rf"^def {test}\(", (HERE / file).read_text("utf-8"), re.MULTILINE), named
