"""What the plugin says until it knows the shop's words is what the catalogues say."""

from __future__ import annotations

import re
from typing import Final

import pytest

from goodword import Channel
from goodword.model.message import EVERY_PROGRAM
from goodword.words.messages import speaking, texts
from goodword.words.messages.catalogues import LANGUAGES, moments, ours
from wordpress import speaking as plugin

INCLUDES: Final = plugin.PLUGIN / "includes"
PHP: Final = "".join(path.read_text("utf-8") for path in sorted(INCLUDES.glob("*.php")))
OWN: Final = (plugin.PLUGIN / "assets" / "own.js").read_text("utf-8")
SAID: Final = re.compile(r"Words::say\( '([^']+)', __\( '((?:[^'\\]|\\.)*)', 'goodword' \) \)")
# Whoever manages the shop reads these alone, in WordPress's own pages.
OWNERS: Final = {"Connection.php", "Notices.php", "SettingsPage.php", "Status.php"}
# Words for the shop's policy, names of tools, and what became of a wish.
OWNERS_IN_PRIVACY: Final = 7


def said() -> dict[str, str]:
    """What the plugin says at each moment."""
    found = SAID.findall(PHP)
    assert len(found) == len({moment for moment, _text in found}) == PHP.count("Words::say( ")
    return {moment: text.replace("\\'", "'") for moment, text in found}


def of_the_shop(language: str) -> dict[str, str]:
    """What the catalogue says at the shop, with what is put in later left standing."""
    known = {**speaking.left_standing(), "shop": "", "advocate": ""}
    return dict(speaking.speak_everywhere(Channel.WIDGET, language, {}, known))


def test_the_plugins_english_is_the_catalogues() -> None:
    assert said() == of_the_shop("en")


def test_the_plugins_chinese_is_the_catalogues() -> None:
    chinese = plugin.translated()
    told = {moment: chinese[text] for moment, text in said().items()}
    assert told == of_the_shop("zh-Hant")


def test_it_asks_for_every_language_that_there_is() -> None:
    block = PHP.partition("const LANGUAGES = array(")[2].partition(");")[0]
    assert set(re.findall(r"'([\w-]+)'\s*=>", block)) == set(LANGUAGES)


def test_the_words_that_are_not_the_shops_are_read_by_its_owner_alone() -> None:
    left = {
        path.name: len(re.findall(r"__\( '", SAID.sub("", path.read_text("utf-8"))))
        for path in sorted(INCLUDES.glob("*.php"))
        if path.name not in OWNERS
    }
    assert {name: many for name, many in left.items() if many} == {"Privacy.php": OWNERS_IN_PRIVACY}


def test_whatever_may_be_put_in_is_put_in() -> None:
    for moment, channel in moments(EVERY_PROGRAM):
        if channel is Channel.WIDGET:
            for name in texts.names_in(ours("en")[moment, channel]):
                assert f"'{{{name}}}'" in PHP or f'"{{{name}}}"' in OWN, moment


@pytest.mark.parametrize("language", [*LANGUAGES])
def test_no_sentence_that_a_shop_may_write_is_too_long_for_it(language: str) -> None:
    longest = int(re.findall(r"const LONGEST = (\d+);", PHP)[0])
    most = int(re.findall(r"const MOST\s+= (\d+);", PHP)[0])
    assert len(of_the_shop(language)) <= most
    for key in moments(EVERY_PROGRAM):
        if key[1] is Channel.WIDGET:
            # Four bytes at most are a sign.
            assert speaking.longest(key) * 4 <= longest
