"""Whatever follows from the description of the API is sent to it, and nothing is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING, Any, Final

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from werkzeug.test import Client

from goodword_server.api import examples
from goodword_server.app import create_app
from tests.sdk.builders import Clock
from tests.server.api.playing import a_playing
from tests.server.builders import a_house

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = pytest.mark.slow

# What the description cannot say is told by a problem: that an order contradicts itself, say.
ACCEPTED: Final = ["2xx", "3xx", "404", "409", "412", "422"]
# Of these a rule says more than a description can.
RULED: Final = frozenset(
    "advocate by channel code contact cursor hint id language many name people reference shop"
    " since told types until url version zone".split()
)
# What is sent is made up before there is a shop, and its key.
SENT: Final = "Bearer the-key-of-the-shop"


class Door:
    """The app as it is when it is asked: the routes are the same in every house."""

    def __init__(self) -> None:
        with a_house("sqlite:///nowhere.db", Clock()) as house:
            self.app: WSGIApplication = create_app(house=house)
        self.key = ""

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ.get("HTTP_AUTHORIZATION") == SENT:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self.key}"
        return self.app(environ, start)


DOOR: Final = Door()
schema = schemathesis.openapi.from_wsgi(
    "/openapi.json",
    DOOR,
    config=SchemathesisConfig.from_dict(
        {
            "seed": 20261122,
            "generation": {
                "max-examples": 6,
                "deterministic": True,
                "with-security-parameters": False,
            },
            # Which modules are loaded by then would decide what is sent.
            "analysis": {"constants": {"enabled": False}},
            "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
        }
    ),
)


@schema.auth()
class Key:
    """The key of the shop, on whatever is sent."""

    def get(self, case: schemathesis.Case[Any], context: object) -> str:
        return SENT

    def set(self, case: schemathesis.Case[Any], key: str, context: object) -> None:
        case.headers["Authorization"] = key


@pytest.fixture(scope="module", autouse=True)
def api(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The API of a shop in which all that can happen has happened."""
    path = copy(migrated_sqlite, tmp_path_factory.mktemp("fuzz"))
    with a_house(f"sqlite:///{path}", Clock(examples.START)) as house:
        playing = a_playing(house)
        # The last one forgets a friend; until then there is most to be found.
        for verb, answer in playing.play():
            assert answer.status_code < 300, answer.get_data(as_text=True)
            if verb == "people.export":
                break
        DOOR.app, DOOR.key = create_app(house=house), playing.key
        yield


def test_the_key_opens_the_door() -> None:
    answer = Client(DOOR).get("/v1/programs", headers={"Authorization": SENT})
    assert len(answer.get_json()["items"]) == 2


@schema.parametrize()
def test_nothing_that_is_sent_to_one_route_finds_anything(case: schemathesis.Case[Any]) -> None:
    answer = case.call_and_validate()
    if answer.status_code == 422 and is_as_described(case):
        told = answer.json()
        # Whatever a reader refuses, the description refuses too; the rest is for a rule to say.
        assert told["reason"] != "invalid" or told["facts"]["field"] in RULED, told


def is_as_described(case: schemathesis.Case[Any]) -> bool:
    return case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE


def test_nothing_that_follows_one_from_another_finds_anything() -> None:
    followed = set()

    class Following(schema.as_state_machine()):  # type: ignore[misc]
        def step(self, input: Any) -> Any:
            followed.add(input.transition and input.transition.id)
            return super().step(input)

    Following.run(settings=settings(max_examples=40, stateful_step_count=12, derandomize=True))
    assert len(followed) > 5
