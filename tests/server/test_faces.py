"""Where a shop's logo is found, and how long a browser may keep it."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from goodword_server.faces import logo_path
from goodword_server.house import House
from goodword_server.logos import picture
from goodword_server.looks import Look
from goodword_server.storage import looks
from tests.server.builders import SHOP, Place, connect
from tests.server.logos import a_logo

PATH = f"/{SHOP}/logo.png"


def keep(house: House, png: bytes, shop: str = SHOP) -> str:
    """Give a shop a logo; return its mark."""
    kept = picture(png)
    house.database.write(lambda s: looks.put(s, shop, Look(name=shop), house.now()))
    house.database.write(lambda s: looks.put_logo(s, shop, kept.logo, kept.png))
    return kept.logo.mark


def asked(place: Place, path: str, method: str = "GET", **headers: str) -> TestResponse:
    return place.client.open(path, method=method, headers=headers)


def test_a_logo_is_shown_as_it_was_kept(place: Place) -> None:
    mark = keep(place.house, a_logo())
    answer = asked(place, PATH)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data == picture(a_logo()).png
    assert answer.headers["ETag"] == f'"{mark}"'
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_at_its_own_address_it_is_kept_for_long(place: Place) -> None:
    keep(place.house, a_logo())
    path = logo_path(SHOP, place.house.look(SHOP))
    assert path is not None
    assert asked(place, path).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in asked(place, f"{PATH}?v=of-before").headers["Cache-Control"]
    assert logo_path(SHOP, Look(name=SHOP)) is None


def test_who_has_it_is_told_so(place: Place) -> None:
    mark = keep(place.house, a_logo())
    answer = asked(place, PATH, **{"If-None-Match": f'"{mark}"'})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", f'"{mark}"')
    keep(place.house, a_logo(colour="#0000ff"))
    assert asked(place, PATH, **{"If-None-Match": f'"{mark}"'}).status_code == 200


def test_head_tells_the_same_without_the_picture(place: Place) -> None:
    keep(place.house, a_logo())
    got, head = asked(place, PATH), asked(place, PATH, "HEAD")
    assert head.data == b""
    alike = ("Content-Type", "Content-Length", "ETag", "Cache-Control")
    assert [head.headers[name] for name in alike] == [got.headers[name] for name in alike]


@pytest.mark.parametrize("shop", ["nowhere", "other", "%00", "%ff", "a" * 300])
def test_a_shop_without_one_has_nothing_there(place: Place, shop: str) -> None:
    keep(place.house, a_logo())
    connect(place.house, "other")
    assert asked(place, f"/{shop}/logo.png").status_code == 404
