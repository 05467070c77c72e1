"""The house stands as the design draws it: who may import whom, and what lies where."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import ModuleType

import pytest

import goodword
from goodword.interface import wings
from goodword.interface.referrals import Referrals

ROOT = Path(__file__).parents[1]
HOMES = {
    "goodword": ROOT / "sdk",
    "goodword_server": ROOT / "server",
    "goodword_shopify": ROOT / "plugins" / "shopify",
    "goodword_woocommerce": ROOT / "plugins" / "woocommerce",
}
PLUGINS = {"goodword_shopify", "goodword_woocommerce"}
SQL = {"sqlalchemy", "sqlite3", "psycopg", "alembic"}
HTTP = {"requests", "urllib.request", "http.client", "httpx", "aiohttp", "urllib3"}
LONGEST = 400

# `within` names the type of the host's connection.
NAMES_A_CONNECTION = "goodword.embedded.engine"
# The demo plays on the stand-in shop that comes with the plugin.
DEMO = "goodword_server.demo"


def modules_of(package: str) -> dict[str, Path]:
    """Every module of a package, by its name."""
    home = HOMES[package]
    found = {}
    for path in sorted((home / package).rglob("*.py")):
        parts = path.relative_to(home).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = {name: path for package in HOMES for name, path in modules_of(package).items()}


@cache
def imported_by(module: str) -> frozenset[str]:
    """What a module imports, deferred imports and those for types alone counted."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    return frozenset(name for node in ast.walk(tree) for name in named_in(node, module))


def named_in(node: ast.AST, module: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{module} imports relatively"
        assert node.module is not None
        for alias in node.names:
            # `from goodword import wire` takes the module wire, not the package.
            inner = f"{node.module}.{alias.name}"
            yield inner if inner in MODULES else node.module


def top(module: str) -> str:
    return module.partition(".")[0]


def within(module: str, *places: str) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


def strays(package: str, forbidden: set[str], *excepted: str) -> list[str]:
    """Imports of what a package may not know, as sentences."""
    return [
        f"{module} imports {name}"
        for module in modules_of(package)
        if not within(module, *excepted)
        for name in sorted(imported_by(module))
        if within(name, *forbidden)
    ]


def test_the_library_knows_nobody_above_it() -> None:
    assert strays("goodword", {*HOMES} - {"goodword"} | {"flask"}) == []


def test_rules_know_values_errors_and_pythons_own_library() -> None:
    known = ("goodword.model", "goodword.errors", "goodword.rules")
    assert [
        f"{module} imports {name}"
        for module in modules_of("goodword")
        if within(module, "goodword.rules")
        for name in sorted(imported_by(module))
        if not within(name, *known) and top(name) not in sys.stdlib_module_names
    ] == []


def test_rules_have_no_clock_and_no_chance() -> None:
    chances = {"random", "secrets", "os", "time", "uuid"}
    rules = [module for module in modules_of("goodword") if within(module, "goodword.rules")]
    assert not [module for module in rules if imported_by(module) & chances]
    assert not [module for module in rules if ".now(" in MODULES[module].read_text("utf-8")]


def test_values_know_values_alone() -> None:
    known = ("goodword.model", "goodword.errors")
    assert [
        f"{module} imports {name}"
        for module in modules_of("goodword")
        if within(module, "goodword.model")
        for name in sorted(imported_by(module))
        if not within(name, *known) and top(name) not in sys.stdlib_module_names
    ] == []


@pytest.mark.parametrize("package", HOMES)
def test_sql_stands_in_the_storage_folders(package: str) -> None:
    allowed = ["goodword.storage", "goodword_server.storage", NAMES_A_CONNECTION]
    assert strays(package, SQL, *allowed) == []


def test_the_engine_names_a_connection_and_no_more() -> None:
    assert {name for name in imported_by(NAMES_A_CONNECTION) if top(name) in SQL} == {"sqlalchemy"}
    text = MODULES[NAMES_A_CONNECTION].read_text("utf-8")
    assert "from sqlalchemy import Connection\n" in text


def test_our_own_json_is_made_in_one_place() -> None:
    assert strays("goodword", {"marshmallow"}, "goodword.wire") == []


def test_the_library_makes_requests_in_one_place() -> None:
    # Along lines that a platform's plugin and the server use as well.
    assert strays("goodword", HTTP, "goodword.remote", "goodword.reaching") == []
    # Who asks a server needs no database, and who keeps one no server.
    reached = {"sqlalchemy", "flask", "goodword.storage", "goodword.embedded"}
    assert not [name for name in imported_by("goodword.remote") if within(name, *reached)]


@pytest.mark.parametrize("plugin", sorted(PLUGINS))
def test_a_plugin_knows_the_library_alone(plugin: str) -> None:
    assert strays(plugin, {*HOMES} - {"goodword", plugin}) == []


def test_the_server_knows_no_plugin() -> None:
    assert strays("goodword_server", PLUGINS, DEMO) == []


def test_the_demo_knows_the_stand_in_shop_and_no_more_of_a_plugin() -> None:
    named = {name for module in MODULES if within(module, DEMO) for name in imported_by(module)}
    of_plugins = {name for name in named if top(name) in PLUGINS}
    assert all(within(name, "goodword_woocommerce.standin") for name in of_plugins)


@pytest.mark.parametrize("package", HOMES)
def test_there_is_no_circle(package: str) -> None:
    modules = modules_of(package)
    graph = {
        module: {name for name in imported_by(module) if name in modules} for module in modules
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_importing_the_library_stays_light() -> None:
    heavy = ("sqlalchemy", "flask", "requests", "marshmallow", "alembic", "psycopg", "jinja2")
    code = f"import goodword, sys; print([name for name in {heavy} if name in sys.modules])"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "[]"


# What the library shows.


def shown() -> dict[str, object]:
    return {
        name: value
        for name, value in vars(goodword).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }


def test_the_library_lists_what_it_shows() -> None:
    assert goodword.__all__ == sorted(shown())


@pytest.mark.parametrize("name", goodword.__all__)
def test_every_public_name_is_explained(name: str) -> None:
    shows = getattr(goodword, name)
    assert shows.__module__.startswith("goodword.")
    # A dataclass without words of its own is given its signature.
    assert shows.__doc__
    assert not shows.__doc__.startswith(f"{name}(")


def test_every_verb_is_explained_where_it_is_declared() -> None:
    verbs = [
        (shop.__name__, verb, getattr(shop, verb))
        for shop in (Referrals, *vars(wings).values())
        if inspect.isclass(shop) and shop.__module__.startswith("goodword.interface")
        for verb in getattr(shop, "__abstractmethods__", ())
    ]
    assert len(verbs) > 10
    assert not [(shop, verb) for shop, verb, function in verbs if not function.__doc__]


# How every file stands.


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_is_and_is_short_enough_to_read(module: str) -> None:
    text = MODULES[module].read_text("utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= LONGEST


@pytest.mark.parametrize("package", HOMES)
def test_every_package_is_typed(package: str) -> None:
    assert (HOMES[package] / package / "py.typed").exists()


@pytest.mark.parametrize("package", HOMES)
def test_a_package_holds_names_and_nothing_else(package: str) -> None:
    inits = [path for path in modules_of(package).values() if path.name == "__init__.py"]
    plain = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    trees = {path: ast.parse(path.read_text("utf-8")) for path in inits}
    crowded = [p for p, tree in trees.items() if not all(isinstance(n, plain) for n in tree.body)]
    assert crowded == []


def test_tests_need_no_packages() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_the_house_has_four_packages() -> None:
    found = {path.parent.name for path in ROOT.glob("*/goodword*/__init__.py")}
    found |= {path.parent.name for path in ROOT.glob("plugins/*/goodword*/__init__.py")}
    assert found == set(HOMES)
