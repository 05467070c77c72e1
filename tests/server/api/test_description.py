"""The description of the API: nothing is missing from it, and each of its examples is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from shutil import copy
from typing import Any, Final

import jsonschema_rs
import pytest
from werkzeug.test import TestResponse

from goodword import errors
from goodword.interface.routes import ALL, BY_VERB, documented
from goodword_server.api import examples, failures, wording
from goodword_server.problems import status_of
from tests.sdk.builders import Clock
from tests.server.api.playing import DRAWN, a_playing
from tests.server.builders import PUBLIC, Place, a_house

pytestmark = pytest.mark.slow

Spec = Mapping[str, Any]


@pytest.fixture
def spec(door: Place) -> Spec:
    told: Spec = door.client.get("/openapi.json").get_json()
    return told


def operations(spec: Spec) -> Iterator[tuple[str, Any]]:
    for route in ALL:
        yield route.verb, spec["paths"]["/v1" + route.path][route.method.lower()]


def test_every_verb_is_described_and_nothing_else(spec: Spec) -> None:
    described = [one["operationId"] for item in spec["paths"].values() for one in item.values()]
    assert sorted(described) == sorted(verb.replace(".", "_") for verb in BY_VERB)
    assert spec["openapi"] == "3.1.0"
    assert spec["servers"] == [{"url": PUBLIC}]


def test_every_verb_says_what_it_does_in_the_words_of_the_interface(spec: Spec) -> None:
    found = dict(operations(spec))
    for verb, one in found.items():
        assert one["summary"], verb
        assert one["description"].startswith(one["summary"]), verb
        assert "``" not in one["description"], verb
    assert found["find_code"]["summary"] == "Return the code a friend typed"
    assert "`unknown_code`" in found["find_code"]["description"]


def test_tags_are_the_wings_and_each_is_explained(spec: Spec) -> None:
    tags = {tag["name"]: tag["description"] for tag in spec["tags"]}
    assert tags["thanks"] == "Promises to thank."
    assert all(tags.values())
    assert {tag for _, one in operations(spec) for tag in one["tags"]} == set(tags)


def test_every_request_needs_the_key(spec: Spec) -> None:
    assert spec["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert spec["security"] == [{"key": []}]
    assert all("security" not in one for _, one in operations(spec))


def test_members_are_told_in_the_words_of_the_model(spec: Spec) -> None:
    schemas = spec["components"]["schemas"]
    assert schemas["Order"]["properties"]["gross"]["description"].startswith("All that the friend")
    assert schemas["Reward"]["description"] == "What an advocate earned by one order."
    assert schemas["Worth"]["properties"]["percent"]["type"] == ["string", "integer", "null"]


def test_every_value_is_told_in_the_words_of_the_model(spec: Spec) -> None:
    made_for_routes = re.compile(r"Body$|Page$")
    schemas = spec["components"]["schemas"]
    values = [name for name in schemas if not made_for_routes.search(name)]
    assert {"Finding", "Offered", "Proof", "Wording"} < set(values)
    assert [name for name in values if not schemas[name].get("description")] == []


# Every problem.


def test_every_error_that_a_verb_speaks_of_is_a_problem_of_its_route(spec: Spec) -> None:
    for verb, one in operations(spec):
        for kind in wording.raised(verb):
            status = status_of(failures.example(kind))
            told = one["responses"][str(status)]["content"]["application/problem+json"]
            assert kind.reason in told["examples"], (verb, kind)


def test_whatever_a_verb_names_like_an_error_is_one() -> None:
    for verb in BY_VERB:
        named = set(re.findall(r"`([A-Z]\w+)`", documented(verb).__doc__))
        assert named == {kind.__name__ for kind in wording.raised(verb)}, verb


def test_every_problem_is_as_an_error_would_make_it(spec: Spec) -> None:
    check = validator(spec, {"$ref": "#/components/schemas/Problem"})
    for verb, one in operations(spec):
        for status, told in one["responses"].items():
            if status < "4":
                continue
            found = told["content"]["application/problem+json"]["examples"]
            for reason, example in found.items():
                check.validate(example["value"])
                assert example["value"]["reason"] == reason, verb
                assert str(example["value"]["status"]) == status, verb


def test_an_example_of_an_error_is_one() -> None:
    error = failures.example(errors.CodeTaken)
    assert str(error) == "the code MEI2026 is taken; choose another"


# Every link.


def test_every_link_leads_to_a_verb_with_its_whole_path(spec: Spec) -> None:
    targets = {one["operationId"]: one for _, one in operations(spec)}
    links = [
        link
        for _, one in operations(spec)
        for told in one["responses"].values()
        for link in told.get("links", {}).values()
    ]
    assert len(links) > 25
    for link in links:
        needed = {
            p["name"] for p in targets[link["operationId"]]["parameters"] if p["in"] == "path"
        }
        assert set(link["parameters"]) == needed


def test_what_a_link_points_at_stands_in_the_example(spec: Spec) -> None:
    for verb, one in operations(spec):
        told = one["responses"][str(BY_VERB[verb].status)]
        for link in told.get("links", {}).values():
            for pointer in link["parameters"].values():
                if pointer.startswith("$response.body#"):
                    assert at(examples.answers()[verb], pointer.partition("#")[2]), (verb, pointer)
                elif pointer.startswith("$request.body#"):
                    assert at(examples.sent(verb).body, pointer.partition("#")[2]), (verb, pointer)
                else:
                    assert pointer.removeprefix("$request.path.") in examples.sent(verb).path


def at(value: Any, pointer: str) -> Any:
    for step in pointer.strip("/").split("/"):
        value = value[int(step)] if step.isdigit() else value[step]
    return value


# Every example.


def validator(spec: Spec, schema: Any) -> Any:
    return jsonschema_rs.Draft202012Validator({**schema, "components": spec["components"]})


def content_of(spec: Spec, verb: str) -> tuple[str | None, Any]:
    route = BY_VERB[verb]
    one = spec["paths"]["/v1" + route.path][route.method.lower()]
    told = one["responses"][str(route.status)]
    return next(iter(told.get("content", {}).items()), (None, None))


@pytest.fixture(scope="module")
def played(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, TestResponse]:
    """What each example is answered with by a real app."""
    path = copy(migrated_sqlite, tmp_path_factory.mktemp("played"))
    with a_house(f"sqlite:///{path}", Clock(examples.START)) as house:
        return dict(a_playing(house).play())


def test_every_verb_has_an_example() -> None:
    assert set(examples.told()) == set(BY_VERB) == set(examples.answers())


@pytest.mark.parametrize("verb", BY_VERB)
def test_an_example_is_answered_as_it_is_told(
    spec: Spec, played: Mapping[str, TestResponse], verb: str
) -> None:
    answer = played[verb]
    assert answer.status_code == BY_VERB[verb].status, answer.get_data(as_text=True)
    kind, content = content_of(spec, verb)
    assert answer.mimetype == kind
    if kind == "application/json":
        validator(spec, content["schema"]).validate(answer.get_json())
        assert same(answer.get_json(), content["example"]), answer.get_data(as_text=True)
    elif content is not None:
        assert answer.get_data(as_text=True) == content["example"]


@pytest.mark.parametrize("verb", [verb for verb in BY_VERB if examples.sent(verb).body is not None])
def test_what_an_example_sends_fits_its_schema(spec: Spec, verb: str) -> None:
    route = BY_VERB[verb]
    body = spec["paths"]["/v1" + route.path][route.method.lower()]["requestBody"]
    content = body["content"]["application/json"]
    validator(spec, content["schema"]).validate(content["example"])
    validator(spec, content["schema"]).validate(examples.sent(verb).body)


def same(told: Any, recorded: Any, name: str = "") -> bool:
    """Whether an answer is the recorded one, but for what chance draws."""
    if isinstance(told, dict) and isinstance(recorded, dict):
        inner = told.keys() == recorded.keys()
        return inner and all(same(told[key], recorded[key], key) for key in told)
    if isinstance(told, list) and isinstance(recorded, list):
        pairs = zip(told, recorded, strict=False)
        return len(told) == len(recorded) and all(same(*pair, name) for pair in pairs)
    drawn = isinstance(told, str) and isinstance(recorded, str) and name in DRAWN
    return bool(told == recorded or (drawn and len(told) == len(recorded)))


def test_another_answer_is_not_taken_for_the_recorded_one() -> None:
    recorded = examples.answers()["record_order"]
    other = json.loads(json.dumps(recorded).replace("qualified", "pending"))
    assert same(recorded, recorded)
    assert not same(other, recorded)
    assert not same({**recorded, "more": 1}, recorded)


# The page.

VOID: Final = {"meta", "link", "br"}


class Page(HTMLParser):
    """What stands in the page: its anchors, where its links lead, and whether its tags close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.leads: list[str] = []
        self.loads: list[str] = []
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.ids += [str(given["id"])] if "id" in given else []
        self.leads += [str(given["href"])] if tag == "a" and "href" in given else []
        self.loads += [str(given[name]) for name in ("src", "data") if name in given]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def page(door: Place) -> Page:
    answer = door.client.get("/reference")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return Page(answer.get_data(as_text=True))


def test_the_page_shows_every_verb_and_every_value(page: Page, spec: Spec) -> None:
    shown = {f"value-{name}" for name in spec["components"]["schemas"]}
    shown |= {one["operationId"] for _, one in operations(spec)}
    assert shown <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert page.open == []


def test_every_link_of_the_page_leads_somewhere(page: Page) -> None:
    inside = {link[1:] for link in page.leads if link.startswith("#")}
    assert inside <= set(page.ids)
    assert {link for link in page.leads if not link.startswith("#")} == {"/openapi.json"}


def test_the_page_needs_no_script_and_no_other_host(page: Page, door: Place) -> None:
    assert page.loads == []
    assert not page.tags & {"script", "link", "img", "iframe", "object"}
    style = door.client.get("/reference").get_data(as_text=True).partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert "prefers-color-scheme: dark" in style


def test_description_and_page_are_fetched_once(door: Place) -> None:
    for address in ("/openapi.json", "/reference"):
        first = door.client.get(address)
        again = door.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
