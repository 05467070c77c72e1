"""What lies in the plugin's folder: sentences, what we did not write, and the widget."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from tests.plugins.woocommerce.wordpress.getting import NoWordPress
from vendor import sha512
from wordpress import speaking, vendoring

PLUGIN = speaking.PLUGIN


def php_files() -> list[str]:
    return [path.relative_to(PLUGIN).as_posix() for path in sorted(PLUGIN.rglob("*.php"))]


def test_the_template_has_every_sentence() -> None:
    assert speaking.TEMPLATE.read_text("utf-8") == speaking.template()
    assert len(speaking.sentences()) > 60


def test_every_sentence_is_there_in_chinese() -> None:
    assert set(speaking.translated()) == set(speaking.sentences())
    assert all(re.search(r"[一-鿿]", said) for said in speaking.translated().values())


def test_what_is_filled_in_stands_in_both() -> None:
    for text, said in speaking.translated().items():
        filled = r"%(?:\d\$)?s|\{\w+\}"
        assert sorted(re.findall(filled, text)) == sorted(re.findall(filled, said)), text


def test_wordpress_reads_what_was_written() -> None:
    for name, text in speaking.made().items():
        assert (speaking.LANGUAGES / name).read_text("utf-8") == text


def test_no_sentence_is_lost_in_quotes() -> None:
    # One with a variable in it, or in double quotes, would be missed by whoever collects them.
    for path in PLUGIN.rglob("includes/*.php"):
        calls = re.findall(r"\b(?:esc_html__|esc_attr__|__)\(\s*(.)", path.read_text("utf-8"))
        assert set(calls) <= {"'"}, path.name


def test_the_widget_is_the_servers_own() -> None:
    shipped = vendoring.ASSETS / "goodword.js"
    assert shipped.read_bytes() == vendoring.WIDGET.read_bytes(), (
        "python3 plugins/woocommerce/wordpress/vendoring.py copies it"
    )


def test_what_we_did_not_write_is_what_the_record_says() -> None:
    recorded = {
        name: file["sha512"]
        for package in json.loads(vendoring.RECORD.read_text("utf-8"))
        for name, file in package["files"].items()
    }
    folder = vendoring.ASSETS / "vendored"
    assert recorded == {path.name: sha512(path.read_bytes()) for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("name", php_files())
def test_php_understands_it(name: str) -> None:
    php = shutil.which("php")
    if php is None:
        pytest.skip(str(NoWordPress("php-cli is not installed")))
    done = subprocess.run([php, "-l", str(PLUGIN / name)], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
