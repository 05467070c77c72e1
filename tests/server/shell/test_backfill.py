"""The shop's page tells how it stands with the orders from before it was connected."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword_server.shell.roles import Role
from goodword_server.watching import rounds as making
from goodword_shopify.standin import Bought, order
from goodword_shopify.standin.api import FILE
from goodword_shopify.standin.bulk import AT_ONCE, Ending
from goodword_shopify.standin.orders import Till as Counts
from tests.server.shell.browser import AT, Page, somebody
from tests.server.streets import Place, Street

pytestmark = pytest.mark.slow


@pytest.fixture
def tea(street: Street) -> Place:
    place = street.open("tea-house", Counts(currency="EUR"))
    for number in range(2):
        at = street.clock() - timedelta(days=30 - number)
        new = place.shop.new_id("Order")
        place.shop.place(order(new, place.shop.till, [Bought(price="1.00")], at=at.isoformat()))
    return place


MARKS = {"en": ("good", "look", "not known"), "zh-TW": ("正常", "請查看", "未知")}


def says(street: Street, language: str = "en") -> tuple[str, str]:
    """Return what the page says of it, and how it is marked."""
    owner = somebody(street.house, Role.OWNER, language=language)
    text = " ".join(Page(owner.get(f"{AT}/").text).text.split())
    title = {"en": "Orders from before", "zh-TW": "連線前的訂單"}[language]
    after = {"en": "Orders compared", "zh-TW": "訂單比對"}[language]
    said = text.partition(title)[2].partition(after)[0].strip()
    (mark,) = [mark for mark in MARKS[language] if said.startswith(mark)]
    return mark, said.removeprefix(mark).strip()


def test_a_file_is_followed_to_its_end(street: Street, tea: Place) -> None:
    tea.shop.bulk.others = AT_ONCE
    street.work()
    asking = "The shop is asked to write what it sold before into a file."
    assert says(street) == ("not known", asking)
    assert says(street, "zh-TW") == ("未知", "正請商店把連線前的訂單寫成檔案。")
    tea.shop.bulk.others = 0
    street.on(minutes=5)
    street.work()
    writing = "The shop is writing what it sold before into a file: 0 so far."
    assert says(street) == ("not known", writing)
    assert says(street, "zh-TW")[1] == "商店正在把連線前的訂單寫成檔案：目前 0 筆。"
    street.catch_up()
    done = "2 were read from a file that the shop wrote, just now."
    assert says(street) == ("good", done)
    assert says(street, "zh-TW") == ("正常", "剛剛從檔案讀取了連線前的 2 筆訂單。")


def test_it_is_said_while_it_is_read(street: Street, tea: Place) -> None:
    street.work()
    for _ in range(2):
        street.on(minutes=5)
        making.make_all(street.house, lambda: calls(street, FILE) > 0)
    reading = "What it sold before is being read from a file: 2 so far."
    assert says(street) == ("not known", reading)
    assert says(street, "zh-TW")[1] == "正在從檔案讀取連線前的訂單：目前 2 筆。"


def test_it_is_said_aloud_where_there_is_no_file(street: Street, tea: Place) -> None:
    tea.shop.bulk.takes = 0
    tea.shop.bulk.endings.append(Ending("FAILED", "ACCESS_DENIED"))
    street.work()
    street.on(minutes=1)
    making.make_all(street.house, lambda: calls(street, "OrderHead") > 0)
    why = "it does not let us write down all that we ask for."
    one_by_one = f"They are being read one by one, which takes longer: {why}"
    assert says(street) == ("look", one_by_one)
    known = "商店不讓我們把訂單整批寫成檔案。"
    assert says(street, "zh-TW")[1] == f"正在逐筆讀取，需要較長的時間：{known}"
    street.catch_up()
    done = f"They were read one by one, and not from a file, just now: {why}"
    assert says(street) == ("look", done)
    assert says(street, "zh-TW")[1] == f"剛剛逐筆讀取完畢，沒有使用檔案：{known}"
    street.on(days=8)
    street.work()
    assert says(street)[0] == "good"


def test_one_that_takes_too_long_is_told_in_both_languages(street: Street, tea: Place) -> None:
    tea.shop.bulk.takes = 1000
    street.work()
    for _ in range(7):
        street.on(hours=1)
        street.work()
    assert "did not end writing its orders down within 6 hours" in says(street)[1]
    assert "商店在 6 小時內沒有把訂單寫完。" in says(street, "zh-TW")[1]


def calls(street: Street, what: str) -> int:
    return sum(call.endswith(what) for call in street.standin.calls)
