"""What the owner of a shop reads when something odd arrives from it; and nothing of it is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

import goodword_woocommerce
from goodword import Claiming
from goodword_server.shell import language
from goodword_server.shell.roles import Role
from goodword_server.storage.tables import inbox
from goodword_woocommerce.standin import Fault, Recorded, derived, recorded, signed
from goodword_woocommerce.standin.oauth import Signatures
from tests.pages import ROOT
from tests.server.builders import PAID, SHOP, Place, client_of, rows
from tests.server.shell.browser import AT, Browser, Page, somebody
from tests.server.shell.conftest import PAGE, Desk, health

pytestmark = pytest.mark.slow
WORDS = Path(goodword_woocommerce.__file__).parent
STATUS = WORDS.parent / "wordpress" / "goodword" / "includes" / "Status.php"
MARKUP = '"><script>alert(1)</script>'


@pytest.fixture
def joined(desk: Desk) -> Desk:
    """A shop that has been connected for a while."""
    desk.join()
    desk.work()
    desk.clock.on(hours=2)
    desk.work()
    return desk


def in_chinese(desk: Desk) -> Browser:
    return somebody(desk.house, Role.OWNER, language="zh-TW")


def send(desk: Desk, sent: Recorded) -> TestResponse:
    connected = desk.house.installation_of(SHOP)
    assert connected is not None
    place = Place(desk.house, connected, client_of(desk.house))
    return place.post(sent.body, sent.headers)


def by_shop(desk: Desk, body: Any) -> Recorded:
    """A delivery that the shop signs with the secret it was given."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    ((_, sent),) = desk.standin.shop.hooks.tell("order.updated", text)
    return sent


def why(desk: Desk, order: str = "17", browser: Browser | None = None) -> Page:
    return (browser or desk.owner).read(f"{AT}/why?order={order}")


def is_known(desk: Desk, order: str = "17") -> bool:
    return "We know no order" not in why(desk, order).text


# What was not signed with our secret.


def test_what_another_shop_signed_is_turned_away_and_the_order_found_all_the_same(
    joined: Desk,
) -> None:
    joined.standin.shop.show(PAID)
    theirs = signed(recorded(PAID).body, "order.updated", "another shop's secret")
    assert send(joined, theirs).status_code == 401
    assert rows(joined.house, inbox) == []
    joined.work()
    assert is_known(joined)
    told = health(joined)
    assert "something came that was not signed with our secret, and was turned away" in told
    assert "收到不是用我們的密鑰簽署的通知" in health(joined, in_chinese(joined))


def test_a_webhook_whose_secret_was_changed_by_hand_signs_with_ours_again(joined: Desk) -> None:
    hooks = joined.standin.shop.hooks
    hooks.secrets = dict.fromkeys(hooks.secrets, "chosen by hand")
    assert send(joined, by_shop(joined, recorded(PAID).body)).status_code == 401
    joined.work()
    assert send(joined, by_shop(joined, recorded(PAID).body)).status_code == 200
    joined.work()
    assert is_known(joined)


def test_whoever_knocks_on_is_heard_once_an_hour(
    joined: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = signed(recorded(PAID).body, "order.updated", "another shop's secret")
    for _ in range(20):
        assert send(joined, theirs).status_code == 401
    assert caplog.text.count("a delivery was turned away") == 1
    assert "friend.example" not in caplog.text


def test_it_takes_no_place_of_a_new_secret_that_the_shop_is_still_to_learn(joined: Desk) -> None:
    joined.owner.post(f"{PAGE}/secret")
    theirs = signed(recorded(PAID).body, "order.updated", "another shop's secret")
    assert send(joined, theirs).status_code == 401
    joined.work()
    connected = joined.house.installation_of(SHOP)
    assert connected is not None
    assert set(joined.standin.shop.hooks.secrets.values()) == {connected.secrets[0]}
    # The old one ends two days after the shop learned of the new one, and not later.
    joined.clock.on(days=2, hours=1)
    joined.work()
    later = joined.house.installation_of(SHOP)
    assert later is not None
    assert later.secrets == connected.secrets[:1]


# What is longer than we take.


def test_a_body_over_a_megabyte_is_turned_away_and_the_order_found_all_the_same(
    joined: Desk,
) -> None:
    joined.standin.shop.show(PAID)
    long = recorded(PAID).json | {"customer_note": "x" * 1_048_576}
    assert send(joined, by_shop(joined, long)).status_code == 413
    assert rows(joined.house, inbox) == []
    joined.work()
    assert is_known(joined)
    told = health(joined)
    assert "something came that was longer than we take, and was turned away" in told
    assert "收到長度超過上限的通知" in health(joined, in_chinese(joined))


# Codes and names with markup.


@pytest.mark.parametrize("key", ["_goodword_code", "_goodword_visit", "_goodword_name"])
def test_markup_on_an_order_is_words_or_nothing(joined: Desk, key: str) -> None:
    body = recorded(PAID).json
    meta = [*body["meta_data"], {"id": 9, "key": key, "value": MARKUP}]
    body |= {"meta_data": meta, "coupon_lines": []}
    assert send(joined, by_shop(joined, body)).status_code == 200
    joined.work()
    assert is_known(joined)
    assert "Nothing is stuck." in health(joined)
    for page in (why(joined), why(joined, browser=in_chinese(joined))):
        assert not [told for told in page.all("script") if "src" not in told]


def test_markup_in_a_question_is_repeated_as_words(joined: Desk) -> None:
    page = why(joined, "%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert not [told for told in page.all("script") if "src" not in told]
    assert MARKUP in page.text


def test_an_order_that_cannot_be_read_waits_for_the_owner_and_says_why(joined: Desk) -> None:
    assert send(joined, by_shop(joined, derived(PAID, total=MARKUP).body)).status_code == 200
    joined.work()
    assert "1 needs a person. Look at them" in health(joined)
    stuck = joined.owner.read(f"{AT}/stuck")
    assert "total" in stuck.text
    assert not [told for told in stuck.all("script") if "src" not in told]
    # The shop tells it whole a little later: nothing was lost.
    assert send(joined, by_shop(joined, recorded(PAID).body)).status_code == 200
    joined.work()
    assert is_known(joined)


# A coupon that its owner edited or deleted.


def test_a_coupon_that_was_deleted_is_named_and_the_reward_stands(joined: Desk) -> None:
    joined.house.referrals(SHOP).claim(Claiming(code="ALICE10", email="fred@friend.example"))
    joined.work()
    (coupon,) = joined.standin.shop.coupons.by_id.values()
    joined.standin.shop.coupons.by_id.clear()
    joined.owner.post(f"{PAGE}/now")
    joined.work()
    assert f"{coupon['code']} was deleted, or put into the trash" in health(joined)
    assert "被刪除或丟進垃圾桶" in health(joined, in_chinese(joined))


# A shop that moved.


@pytest.mark.parametrize("home", ["https://{host}", "https://new-tea.example", "{url}/shop"])
def test_a_shop_that_calls_itself_otherwise_is_told_with_its_new_address(
    joined: Desk, home: str
) -> None:
    url = joined.standin.url
    moved = home.format(host=url.partition("://")[2], url=url)
    joined.standin.shop.environment = {"home_url": moved}
    joined.owner.post(f"{PAGE}/now")
    joined.work()
    assert f"The shop calls itself {moved} by now. Connect it again" in health(joined)
    assert f"商店現在的網址是 {moved}，請用這個網址重新連線。" in health(joined, in_chinese(joined))


def test_a_shop_that_takes_no_key_since_it_moved_is_told_with_its_new_address(
    joined: Desk,
) -> None:
    joined.standin.shop.home = "https://new-tea.example"
    joined.owner.post(f"{PAGE}/now")
    joined.work()
    assert "it calls itself https://new-tea.example: connect it under" in health(joined)
    chinese = health(joined, in_chinese(joined))
    assert "商店現在的網址是 https://new-tea.example，請用這個網址連線。" in chinese


def test_a_shop_that_leads_elsewhere_is_told_and_found_again_with_all_that_happened(
    joined: Desk,
) -> None:
    joined.standin.fail(*[Fault.MOVED] * 12)
    joined.owner.post(f"{PAGE}/now")
    joined.work()
    assert "if the shop moved, connect it again there" in health(joined)
    assert "如果商店搬家了，請用新的網址重新連線" in health(joined, in_chinese(joined))
    joined.standin.recover()
    joined.standin.shop.show(PAID)
    joined.clock.on(minutes=10)
    joined.owner = somebody(joined.house, Role.OWNER)
    joined.join()
    joined.work()
    assert is_known(joined)
    assert "if the shop moved" not in health(joined)


class Deaf(Signatures):
    """What a shop makes of a request whose keys its web server kept to itself."""

    def fault(self, method: str, url: str, query: Mapping[str, str]) -> tuple[str, str]:
        return "woocommerce_rest_cannot_view", "Sorry, you cannot list resources."


def test_a_host_that_drops_the_header_is_told(joined: Desk) -> None:
    joined.standin.signatures = Deaf("", "")
    joined.owner.post(f"{PAGE}/now")
    joined.work()
    told = health(joined)
    assert "the shop's web server must pass the Authorization header on" in told
    # The next sentence begins after the end of this one.
    assert "(401 woocommerce_rest_cannot_view). Webhooks" in told
    assert "放行 Authorization 標頭" in health(joined, in_chinese(joined))


def test_why_a_farewell_is_not_said_yet_is_told_in_one_sentence(joined: Desk) -> None:
    joined.standin.signatures = Deaf("", "")
    joined.leave()
    joined.work()
    told = joined.owner.read(PAGE).text
    assert "It did not work yet: the keys were not seen or may not read" in told
    assert "the shop's web server must pass the Authorization header on" in told
    assert "(401 woocommerce_rest_cannot_view). We go on trying" in told


# A plugin that falls silent.


def test_a_plugin_is_told_from_its_pairing_to_its_silence(joined: Desk) -> None:
    assert "Plugin in WordPress" not in health(joined)
    shop = joined.standin
    url, _, code = joined.code().partition("#")
    keys = {"consumer_key": shop.key, "consumer_secret": shop.secret}
    told = {"code": code, "url": shop.url, "key_permissions": "read_write", **keys}
    client = client_of(joined.house)
    secret = client.post(url.partition("thanks.example")[2], json=told).get_json()["secret"]
    assert "It was paired, and has not asked for anything yet" in health(joined)
    client.get("/v1/programs", headers={"Authorization": f"Bearer {secret}"})
    assert "It last asked for something just now" in health(joined)
    joined.clock.on(days=4)
    joined.owner = somebody(joined.house, Role.OWNER)
    assert "friends type their coupon until it is heard of again" in health(joined)
    assert "在它再來詢問之前，朋友要自己輸入優惠券" in health(joined, in_chinese(joined))


# Each sentence, in both languages.


SENTENCES = [
    *(f"sign.{one}" for one in ("cron_off", "moved", "old")),
    *(
        f"health.hooks.{one}"
        for one in ("made", "afresh", "revived", "moved", "doubled", "unsigned", "too_long")
    ),
    *(
        f"coupon.{one}"
        for one in (
            *("gone", "status", "code", "kind", "amount", "limit", "email", "expires", "narrowed"),
        )
    ),
    *(f"health.plugin.{one}" for one in ("never", "heard", "silent")),
    "health.silent",
    "health.orders.found",
    "health.orders.failed",
    "health.hooks.failed",
    "health.coupons.failed",
]


@pytest.mark.parametrize("key", SENTENCES)
def test_whatever_the_page_may_say_is_said_in_both_languages(key: str) -> None:
    said = {one: language.sentences(one)[key] for one in language.LANGUAGES}
    assert len(set(said.values())) == len(language.LANGUAGES) == 2


def quoted() -> list[str]:
    """What the owner's guide says that the page may say."""
    guide = (ROOT / "docs" / "woocommerce.md").read_text("utf-8")
    section = guide.partition("### When nothing arrives")[2].partition("\n### ")[0]
    return re.findall("\\*\\*“(.+?)”\\*\\*", section)


def test_the_guide_quotes_much_of_it() -> None:
    assert len(quoted()) > 10


@pytest.mark.parametrize("said", quoted())
def test_what_the_guide_quotes_is_what_the_page_says(said: str) -> None:
    # In English a trouble of the till speaks for itself.
    troubles = (WORDS / "client.py").read_text("utf-8").replace('"\n    "', "")
    # And in WordPress its own page does.
    beside = STATUS.read_text("utf-8")
    assert any(said in one for one in [*language.sentences("en").values(), troubles, beside])
