"""Answers that whoever asked may keep: by their mark they learn whether they have the newest."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request


def keepable(
    mark: str, kind: str, content: Callable[[], bytes], *, seconds: int, immutable: bool = False
) -> Response:
    """Return a picture or document, or only that it is still the same.

    ``mark`` tells one content from another, before the content is at hand; ``content`` is not
    asked for where the mark is known.  ``immutable``: its address changes with it.
    """
    same = request.if_none_match.contains_weak(mark)
    answer = Response(status=304) if same else Response(content(), mimetype=kind)
    answer.set_etag(mark)
    answer.cache_control.public = True
    answer.cache_control.max_age = seconds
    if immutable:
        answer.cache_control.immutable = True
    return answer
