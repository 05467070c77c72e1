"""What the reference page shows, taken from the OpenAPI description alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from markupsafe import Markup, escape

_CODE: Final = re.compile(r"`([^`]+)`")
_STRONG: Final = re.compile(r"\*\*([^*]+)\*\*")
_SCHEMAS: Final = "#/components/schemas/"


def seen(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page is drawn with."""
    operations = list(_operations(spec))
    return {
        "title": spec["info"]["title"],
        "version": spec["info"]["version"],
        "about": paragraphs(spec["info"]["description"]),
        "server": spec["servers"][0]["url"],
        "wings": [
            {
                "name": tag["name"],
                "said": inline(tag["description"]),
                "operations": [one for one in operations if one["wing"] == tag["name"]],
            }
            for tag in spec["tags"]
        ],
        "values": list(_values(spec["components"]["schemas"])),
    }


def paragraphs(text: str) -> list[Markup]:
    """Return a text's paragraphs, each as HTML."""
    return [inline(part) for part in text.strip().split("\n\n")]


def inline(text: str) -> Markup:
    """Return a paragraph of Markdown as HTML: code and what is strong, and nothing else."""
    html = _CODE.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(_STRONG.sub(r"<strong>\1</strong>", html))


def _operations(spec: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path, item in spec["paths"].items():
        for method, one in item.items():
            body = one.get("requestBody", {}).get("content", {}).get("application/json")
            yield {
                "id": one["operationId"],
                "wing": one["tags"][0],
                "method": method.upper(),
                "path": path,
                "summary": inline(one["summary"]),
                "said": paragraphs(one["description"]),
                "parameters": [_parameter(each) for each in one.get("parameters", ())],
                "body": _content(body) if body else None,
                **_answers(one["responses"]),
            }


def _parameter(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": one["name"],
        "where": one["in"],
        "kind": kind_of(one["schema"]),
        "required": one.get("required", False),
        "said": inline(one.get("description", "")),
    }


def _answers(responses: Mapping[str, Any]) -> dict[str, Any]:
    failing = {status: told for status, told in responses.items() if status >= "4"}
    ((status, told),) = [one for one in responses.items() if one[0] < "3"]
    content = next(iter(told.get("content", {}).values()), None)
    return {
        "status": f"{status} {HTTPStatus(int(status)).phrase}",
        "answer": _content(content) if content else None,
        "links": list(told.get("links", ())),
        "problems": [
            {"status": status, "reason": name, "said": inline(one["summary"])}
            for status, told in failing.items()
            for name, one in next(iter(told["content"].values()))["examples"].items()
        ],
    }


def _content(content: Mapping[str, Any]) -> dict[str, Any]:
    example = content["example"]
    text = example if isinstance(example, str) else _indented(example)
    return {"kind": kind_of(content["schema"]), "example": text}


def _indented(example: Any) -> str:
    return json.dumps(example, ensure_ascii=False, indent=2)


def _values(schemas: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, schema in sorted(schemas.items()):
        required = schema.get("required", ())
        yield {
            "name": name,
            "said": inline(schema.get("description", "")),
            "members": [
                {
                    "name": member,
                    "kind": kind_of(one),
                    "required": member in required,
                    "said": inline(one.get("description", "")),
                }
                for member, one in schema["properties"].items()
            ],
        }


def kind_of(schema: Mapping[str, Any]) -> Markup:
    """Return what a schema allows, in a few words, with links to other values."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_SCHEMAS)
        return Markup('<a href="#value-{0}">{0}</a>').format(name)
    if "anyOf" in schema:
        return Markup(" or ").join(kind_of(one) for one in schema["anyOf"])
    if "enum" in schema:
        return Markup(", ").join(Markup("<code>{}</code>").format(one) for one in schema["enum"])
    if schema.get("type") == "array":
        return Markup("list of ") + kind_of(schema["items"])
    return _plain(schema)


def _plain(schema: Mapping[str, Any]) -> Markup:
    kinds = schema.get("type", "anything")
    listed = [kinds] if isinstance(kinds, str) else list(kinds)
    if schema.get("format") == "date-time":
        listed = ["moment" if kind == "string" else kind for kind in listed]
    return escape(" or ".join(listed))
