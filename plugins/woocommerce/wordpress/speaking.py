"""Collects the plugin's sentences and makes what WordPress reads.

`python3 plugins/woocommerce/wordpress/speaking.py`; translators write
`languages/goodword-zh_TW.po`.  Python's own library is enough.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

PLUGIN: Final = Path(__file__).parent / "goodword"
LANGUAGES: Final = PLUGIN / "languages"
TEMPLATE: Final = LANGUAGES / "goodword.pot"
SOURCE: Final = "zh_TW"
MADE: Final = ("zh_TW", "zh_HK")
"""Both read Traditional Chinese, and what stands in the file of the first."""
_SENTENCE: Final = re.compile(
    r"(?:esc_html__|esc_attr__|__)\(\s*'((?:[^'\\]|\\.)*)',\s*'goodword'\s*\)"
)
_ENTRY: Final = re.compile(r'msgid ((?:".*"\n)+)msgstr ((?:".*"(?:\n|\Z))+)')
_HEADER: Final = """msgid ""
msgstr ""
"Project-Id-Version: goodword\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"X-Domain: goodword\\n"
"""


def main() -> None:
    """Write the template and what WordPress reads."""
    TEMPLATE.write_text(template(), "utf-8")
    for name, text in made().items():
        (LANGUAGES / name).write_text(text, "utf-8")


def sentences() -> Mapping[str, list[str]]:
    """Return every sentence of the plugin, with the files that it stands in."""
    found: dict[str, list[str]] = {}
    for file in sorted([*PLUGIN.glob("*.php"), *PLUGIN.glob("includes/*.php")]):
        for sentence in _SENTENCE.findall(file.read_text("utf-8")):
            where = file.relative_to(PLUGIN).as_posix()
            text = sentence.replace("\\'", "'").replace("\\\\", "\\")
            places = found.setdefault(text, [])
            if where not in places:
                places.append(where)
    return found


def template() -> str:
    """Return the file from which a translation begins."""
    entries = (
        f'#: {" ".join(places)}\nmsgid {_quoted(text)}\nmsgstr ""\n'
        for text, places in sentences().items()
    )
    return "\n".join([_HEADER, *entries])


def translated() -> Mapping[str, str]:
    """Return what the translators wrote."""
    return dict(_entries((LANGUAGES / f"goodword-{SOURCE}.po").read_text("utf-8")))


def made() -> Mapping[str, str]:
    """Return each file that WordPress reads, by name."""
    lines = "".join(f"{_php(text)}=>{_php(said)}," for text, said in translated().items())
    return {
        f"goodword-{locale}.l10n.php": (
            "<?php\ndefined( 'ABSPATH' ) || exit;\n"
            f"return ['domain'=>'goodword','language'=>'{locale}','messages'=>[{lines}]];\n"
        )
        for locale in MADE
    }


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for source, said in _ENTRY.findall(text):
        if _joined(source):
            yield _joined(source), _joined(said)


def _joined(lines: str) -> str:
    return "".join(str(ast.literal_eval(line)) for line in lines.splitlines() if line)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _php(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


if __name__ == "__main__":
    main()
