"""Settings come from the environment; what is missing or wrong is said at once, and no secret."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from goodword.errors import Invalid
from goodword_server import cards
from goodword_server.settings import Settings, from_environment
from tests.sdk.builders import Clock
from tests.server.builders import a_house

SECRET = "s3cret-" + "0123456789" * 4
OTHER = "0ther-s3cret-" + "0123456789" * 3
FINE = {
    "DATABASE_URL": "postgresql://tea:pa55word@db.example/goodword",
    "SECRETS": SECRET,
    "PUBLIC_URL": "https://thanks.example",
}
Set = Callable[..., None]
FONTS = Path(cards.__file__).parent / "vendored"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Set the variables of an environment that is fine, changed so."""
    for name in [name for name in os.environ if name.startswith("GOODWORD_")]:
        monkeypatch.delenv(name)

    def put(**changes: str | None) -> None:
        for name, value in {**FINE, **changes}.items():
            if value is not None:
                monkeypatch.setenv(f"GOODWORD_{name}", value)

    return put


def told() -> str:
    with pytest.raises(Invalid) as refused:
        from_environment()
    assert refused.value.facts["field"] == "environment"
    return str(refused.value)


def test_what_must_be_given_is_enough(given: Set) -> None:
    given()
    assert from_environment() == Settings(
        database_url=FINE["DATABASE_URL"], secrets=(SECRET,), public_url="https://thanks.example"
    )


def test_metrics_are_opened_by_a_token_that_nobody_guesses(given: Set) -> None:
    given(METRICS=OTHER)
    assert from_environment().metrics == OTHER
    for wrong in ("x" * 31, "", f"{OTHER} {OTHER}", "é" * 32):
        given(METRICS=wrong)
        error = told()
        assert "GOODWORD_METRICS: give 32 or more random characters" in error
        assert not wrong or wrong not in error


def test_everything_that_is_missing_is_named_at_once(given: Set) -> None:
    given(DATABASE_URL=None, SECRETS=None, PUBLIC_URL=None)
    error = told()
    for name in FINE:
        assert f"GOODWORD_{name}: Environment variable not set." in error


WRONG = {
    "DATABASE_URL": ["", "mysql://tea:pa55word@db.example/goodword", "goodword.db", "sqlite:"],
    "SECRETS": ["", ",", "pa55word", f"{SECRET},pa55word", f"{SECRET},", " " * 40],
    "PUBLIC_URL": [
        "",
        "thanks.example",
        "https://thanks.example/",
        "https://thanks.example/path",
        "https://thanks.example?a=b",
        "https://thanks example",
        "https://thanks.example\n",
    ],
    "MAIL": ["pa55word", "http://tea:pa55word@mail.example", "smtp://tea:pa55word@mail:port"],
    "MAIL_FROM": ["", "nobody", "a@b\nBcc: c@d"],
    "WORKER": ["", "process"],
    "BODY_MOST": ["", "much", "0", "-1", "9999"],
    "PREPARED": ["perhaps"],
    "PROXIES": ["", "some", "-1", "11"],
    "KEY_LIMIT": ["", "many", "0"],
    "ADDRESS_LIMIT": ["-1"],
    "STRANGER_LIMIT": ["0"],
    "GUESS_LIMIT": ["1.5"],
    "CARD_FONT": ["/nowhere.ttf", __file__, f"{__file__},{__file__}", "/a,/b,/c"],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in WRONG.items() for v in vs])
def test_what_is_wrong_is_named_and_never_repeated(given: Set, name: str, value: str) -> None:
    given(**{name: value})
    error = told()
    assert f"GOODWORD_{name}: " in error
    assert "pa55word" not in error
    assert SECRET not in error


def test_several_faults_are_told_together(given: Set) -> None:
    given(SECRETS="short", WORKER="process", PUBLIC_URL=None)
    error = told()
    for name in ("GOODWORD_SECRETS", "GOODWORD_WORKER", "GOODWORD_PUBLIC_URL"):
        assert f"{name}: " in error
    assert "GOODWORD_DATABASE_URL" not in error


def test_a_secret_that_is_too_short_says_how_to_make_one(given: Set) -> None:
    given(SECRETS="short")
    assert "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'" in told()


def test_secrets_rotate_by_standing_in_a_row(given: Set) -> None:
    given(SECRETS=f"{SECRET}, {OTHER}")
    assert from_environment().secrets == (SECRET, OTHER)


def test_the_rest_may_be_chosen(given: Set) -> None:
    given(
        MAIL="smtp://tea:pa55word@mail.example",
        MAIL_FROM="Tea House <thanks@tea.example>",
        WORKER="none",
        BODY_MOST="20000",
        PREPARED="true",
        PROXIES="2",
        KEY_LIMIT="1",
        ADDRESS_LIMIT="2",
        STRANGER_LIMIT="3",
        GUESS_LIMIT="4",
        CARD_FONT=f"{FONTS / 'NotoSansTC-Regular.ttf'}, {FONTS / 'NotoSansTC-Bold.ttf'}",
        CARD_FOLDER="/var/cache/goodword",
    )
    settings = from_environment()
    assert settings.mail == "smtp://tea:pa55word@mail.example"
    assert settings.mail_from == "Tea House <thanks@tea.example>"
    assert (settings.worker, settings.body_most, settings.prepared) == ("none", 20000, True)
    assert (settings.key_limit, settings.address_limit) == (1, 2)
    assert (settings.stranger_limit, settings.guess_limit, settings.proxies) == (3, 4, 2)
    assert [Path(path).name for path in settings.card_font] == [
        *("NotoSansTC-Regular.ttf", "NotoSansTC-Bold.ttf")
    ]
    assert settings.card_folder == "/var/cache/goodword"


def test_no_mail_is_a_choice_however_it_is_said(given: Set) -> None:
    given(MAIL="")
    assert from_environment().mail is None


def test_whoever_prints_the_settings_reads_no_secret(given: Set) -> None:
    given(MAIL="smtp://tea:pa55word@mail.example")
    shown = repr(from_environment())
    assert "https://thanks.example" in shown
    for secret in ("pa55word", SECRET, "db.example"):
        assert secret not in shown


# Apps.


def test_what_is_told_of_an_app_stands_by_its_platform(given: Set) -> None:
    given(APP_SHOPIFY_CLIENT_ID="c1", APP_SHOPIFY_SECRETS="new,old", APP_SHOPIFY_EMBEDDED="")
    settings = from_environment()
    assert settings.apps == {"shopify": {"client_id": "c1", "secrets": "new,old"}}
    assert "new,old" not in repr(settings)


def test_a_house_has_the_apps_that_it_is_told_of(migrated_sqlite: Path) -> None:
    told = {"shopify": {"client_id": "c1", "secrets": "new,old"}}
    with a_house(f"sqlite:///{migrated_sqlite}", Clock(), apps=told) as house:
        assert list(house.apps["shopify"].secrets) == ["new", "old"]


@pytest.mark.parametrize(
    ("platform", "field", "variable"),
    [
        ("shopify", {"secrets": "x"}, "GOODWORD_APP_SHOPIFY_CLIENT_ID"),
        ("shopify", {"client_id": "x"}, "GOODWORD_APP_SHOPIFY_SECRETS"),
        ("shopify", {"colour": "x"}, "GOODWORD_APP_SHOPIFY_COLOUR"),
        ("woocommerce", {"client_id": "x"}, "GOODWORD_APP_WOOCOMMERCE"),
        ("nothing", {"client_id": "x"}, "GOODWORD_APP_NOTHING"),
    ],
)
def test_what_is_wrong_with_an_app_names_its_variable(
    migrated_sqlite: Path, platform: str, field: dict[str, str], variable: str
) -> None:
    with (
        pytest.raises(Invalid) as refused,
        a_house(f"sqlite:///{migrated_sqlite}", Clock(), apps={platform: field}),
    ):
        pass
    assert refused.value.facts["field"] == variable
