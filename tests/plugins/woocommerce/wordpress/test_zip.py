"""The zip that an owner installs, and its readme by the rules of wordpress.org."""

from __future__ import annotations

import re
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from goodword_woocommerce import WooCommerce, __main__, packing
from wordpress import speaking

HOME = packing.home()
README = (HOME / "readme.txt").read_text("utf-8")
MAIN = (HOME / "goodword.php").read_text("utf-8")
SERVICE = README.partition("== External services ==")[2].partition("\n== ")[0]


@pytest.fixture(scope="module")
def opened() -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(packing.packed()))


def test_it_is_the_same_wherever_and_whenever_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = packing.packed()
    copy = tmp_path / "goodword"
    shutil.copytree(HOME, copy, copy_function=shutil.copyfile)
    # What a machine of another kind, or a developer at work, leaves about.
    (copy / "goodword.php").write_bytes(MAIN.replace("\n", "\r\n").encode())
    (copy / ".DS_Store").touch()
    (copy / "includes" / "Coupons.php~").touch()
    (copy / "composer.json").touch()
    monkeypatch.setattr(packing, "_PLACES", (copy,))
    assert packing.packed() == before


def test_it_is_small(opened: zipfile.ZipFile) -> None:
    assert len(packing.packed()) < 300_000
    assert opened.testzip() is None


def test_it_holds_what_runs_and_nothing_else(opened: zipfile.ZipFile) -> None:
    names = opened.namelist()
    wanted = ("goodword.php", "license.txt", "readme.txt", "uninstall.php")
    assert {f"goodword/{name}" for name in wanted} <= set(names)
    assert all(name.startswith("goodword/") for name in names)
    assert not [name for name in names if re.search(r"test|vendored\.json|\.py|\.map|/\.", name)]
    # Every file is in there that the folder has.
    kept = {f"goodword/{path.relative_to(HOME).as_posix()}" for path in HOME.rglob("*.*")}
    assert set(names) == {name for name in kept if not name.endswith(".pyc")}


def test_it_is_written_where_it_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert __main__.main([str(tmp_path)]) == 0
    made = tmp_path / packing.name()
    assert made.read_bytes() == packing.packed()
    assert str(made) in capsys.readouterr().out


def test_the_platform_ships_it() -> None:
    package = WooCommerce().package()
    assert (package.name, package.media_type) == (packing.name(), "application/zip")
    assert package.content == packing.packed()


# readme.txt


def field(name: str, text: str = README) -> str:
    found = re.search(rf"^(?: \* )?{name}: (.+)$", text, re.MULTILINE)
    assert found is not None, name
    return found[1]


@pytest.mark.parametrize(
    "name",
    [
        "Requires at least",
        "Requires PHP",
        "Requires Plugins",
        "WC requires at least",
        "WC tested up to",
        "License URI",
    ],
)
def test_readme_and_plugin_say_the_same(name: str) -> None:
    assert field(name) == field(name, MAIN)


def test_its_floor_is_the_one_that_is_declared() -> None:
    floor = [field(name) for name in ("Requires at least", "Requires PHP", "WC requires at least")]
    assert floor == ["6.5", "7.4", "8.5"]


def test_the_stable_version_is_this_one() -> None:
    assert field("Stable tag") == field("Version", MAIN) == packing.version()
    assert f"'GOODWORD_VERSION', '{packing.version()}'" in MAIN
    assert f"= {packing.version()} =" in README.partition("== Changelog ==")[2]


def test_it_begins_as_it_must() -> None:
    lines = README.splitlines()
    assert re.fullmatch(r"=== .{5,80} ===", lines[0])
    assert len(field("Tags").split(",")) <= 5
    # A first sentence of at most 150 signs, without markup, after the fields and an empty line.
    short = lines[lines.index("") + 1]
    assert 20 < len(short) <= 150
    assert not re.search(r"[<*_`\[]", short)
    assert "GPL" in field("License")
    assert field("License", MAIN) == "GPL-2.0-or-later"


def test_it_has_the_sections_that_are_asked_for() -> None:
    sections = re.findall(r"^== (.+) ==$", README, re.MULTILINE)
    assert sections == [
        "Description",
        "Installation",
        "Frequently Asked Questions",
        "External services",
        "Changelog",
    ]


def test_it_says_what_is_sent_to_whom_and_when() -> None:
    for word in ("What is sent, and when", "terms", "privacy policy", "e-mail address", "key"):
        assert word in SERVICE
    # Each address in the plugin's own scripts belongs to a service that is named.
    scripts = "".join(path.read_text("utf-8") for path in (HOME / "assets").glob("*.js"))
    hosts = set(re.findall(r"https://([\w.-]+)", scripts)) - {"www.w3.org"}
    assert hosts == {"line.me"}
    assert all(host in SERVICE for host in hosts)


# Each way to the server, and by which words the owner reads of it.
WAYS: dict[str, str] = {
    "/connect/woocommerce/": "When you disconnect",
    "/connect/": "When you connect: the address of your shop",
    "/v1/programs": "the programs that are running",
    "/v1/programs/": "asks for a link of their own",
    "/v1/programs/*/messages/widget": "the words that you wrote",
    "/v1/codes/": "to learn its coupon",
    "/v1/advocates/": "to learn their rewards",
    "/v1/people/export": "export or erase",
    "/v1/people/forget": "export or erase",
    "/v1/visits": "the path and the language of the page",
    "/${shop}/widget.json": "the code and the language of the page",
}


def test_nothing_is_sent_that_is_not_told_of() -> None:
    written = [*HOME.glob("includes/*.php"), *HOME.glob("assets/*.js")]
    code = "".join(path.read_text("utf-8") for path in written)
    assert set(re.findall(r"['\"`](/(?:v1|connect|\$\{shop\}/widget)[^'\"`?]*)", code)) == set(WAYS)
    assert [words for words in WAYS.values() if words not in SERVICE] == []


def test_no_script_of_anybody_else_is_loaded() -> None:
    php = "".join(path.read_text("utf-8") for path in HOME.rglob("*.php"))
    loaded = re.findall(r"wp_(?:enqueue|register)_(?:script|style)\(([^;]*)\);", php)
    assert len(loaded) == 6
    assert all("self::url(" in call or call.strip() == "self::WIDGET" for call in loaded)


def test_the_text_domain_is_the_slug() -> None:
    assert field("Text Domain", MAIN) == "goodword" == speaking.PLUGIN.name
