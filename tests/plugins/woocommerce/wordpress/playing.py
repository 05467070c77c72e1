"""A WordPress of a test's own: its content and database in one folder, the plugin linked in."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.plugins.woocommerce.wordpress import getting

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[3]
PLUGIN: Final = ROOT / "plugins" / "woocommerce" / "wordpress" / "goodword"
_LIBRARY: Final = "/usr/share/php"
GOODWORD: Final = "goodword/goodword.php"
STANDIN: Final = "woocommerce/woocommerce.php"


@dataclass(frozen=True, slots=True)
class Site:
    """A WordPress with its plugins."""

    wordpress: Path
    content: Path
    plugins: tuple[str, ...]
    network: str = ""
    url: str = "http://shop.example"

    def install(self, theme: Path | None = None) -> str:
        """Make content and database; return what was said."""
        plugins = self.content / "plugins"
        plugins.mkdir(parents=True)
        (self.content / "themes").mkdir()
        if theme is not None:
            (self.content / "themes" / theme.name).symlink_to(theme)
        shutil.copy(getting.drop_in() / "db.copy", self.content / "db.php")
        (plugins / "sqlite-database-integration").symlink_to(getting.drop_in())
        (plugins / "goodword").symlink_to(PLUGIN)
        (plugins / "woocommerce").symlink_to(HERE / "standin" / "woocommerce")
        return self.run("php", str(HERE / "install.php"))

    def tests(self, folder: str, php: str = "") -> str:
        """Run the tests of a folder, on the system's PHP or another; return what PHPUnit said."""
        tests = ["--configuration", str(HERE / "phpunit.xml"), str(HERE / folder)]
        if not php:
            return self.run("phpunit", *tests)
        phpunit = str(shutil.which("phpunit"))
        # It listens to nobody, so what needs a server of its own is left to the system's PHP.
        other = [getting.php(), "-d", f"include_path=.:{_LIBRARY}", phpunit]
        return self.run(*other, "--exclude-group", "listens", *tests, PHP=php)

    def run(self, *command: str, **variables: str) -> str:
        """Run a program in this WordPress; fail with what it said."""
        done = subprocess.run(
            command,
            env={**os.environ, **self.variables(), **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    def variables(self) -> Mapping[str, str]:
        """Return what its programs are told by the environment."""
        return {
            "GOODWORD_WP": str(self.wordpress),
            "GOODWORD_WP_CONFIG": str(HERE / "config.php"),
            "GOODWORD_WP_CONTENT": str(self.content),
            "GOODWORD_WP_PLUGINS": " ".join(self.plugins),
            "GOODWORD_WP_NETWORK": self.network,
            "GOODWORD_WP_URL": self.url,
            "GOODWORD_ANSWERS": str(ROOT / "server" / "goodword_server" / "api" / "answers.json"),
        }

    def log(self) -> str:
        """Return what WordPress noted as wrong."""
        found = self.content / "debug.log"
        return found.read_text("utf-8") if found.exists() else ""
