"""Asks Shopify's own libraries about generated cases: `python plugins/shopify/judging.py`.

Needs Node, npm and pip, and only whoever changes what a request proves needs to run it: what the
libraries said stands in the repository, and a test compares our own verdicts with it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlencode

import jwt

JUDGES: Final = {"javascript": "@shopify/shopify-api@15.0.0", "python": "shopifyapp==1.0.2"}
HERE: Final = Path(__file__).parent
RECORD: Final = HERE.parents[1] / "tests" / "plugins" / "shopify" / "recorded" / "judged.jsonl"
CLIENT: Final = "0123456789abcdef0123456789abcdef"
SECRET: Final = "shpss_0123456789abcdef0123456789abcdef"
OTHER: Final = "shpss_ffffffffffffffffffffffffffffffff"
TEA: Final = "tea-house.myshopify.com"
_EACH: Final = 40
_FAR: Final = 4_102_444_800
_VALUES: Final = ("", "a", "tea & biscuits", "50%", "a=b", "阿里山", "é", "1,2", "x/y?z", "+", "~")

Json = dict[str, Any]


def main() -> None:
    """Generate cases, have them judged, and write both down."""
    chance = random.Random(2026)
    kinds = (_webhook, _proxy, _granted, _session, _checkout)
    with TemporaryDirectory() as folder:
        # Before any case is made: each tells when it was, and must be judged while that is true.
        _install(folder)
        cases = [kind(chance) for kind in kinds for _ in range(_EACH)]
        said = {"javascript": _javascript(cases, folder), "python": _python(cases, folder)}
    for name, verdicts in said.items():
        for case, verdict in zip(cases, verdicts, strict=True):
            case.setdefault("said", {}).update({} if verdict is None else {name: verdict})
    told = {"judges": JUDGES, "at": int(time.time()), "client": CLIENT, "secret": SECRET}
    RECORD.parent.mkdir(exist_ok=True)
    lines = [json.dumps(told), *(json.dumps(case, ensure_ascii=False) for case in cases)]
    RECORD.write_text("\n".join(lines) + "\n", "utf-8")


def _install(folder: str) -> None:
    npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", JUDGES["javascript"]]
    subprocess.run(npm, cwd=folder, check=True)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--target", folder, JUDGES["python"]]
    subprocess.run(pip, check=True)


def _javascript(cases: list[Json], folder: str) -> list[bool | None]:
    judge = Path(folder) / "judge.mjs"
    judge.write_text((HERE / "judge.mjs").read_text("utf-8"), "utf-8")
    told = json.dumps({"client": CLIENT, "secret": SECRET, "cases": cases})
    ran = subprocess.run(
        ["node", str(judge)], input=told, capture_output=True, check=True, text=True
    )
    found: list[bool | None] = json.loads(ran.stdout)
    return found


def _python(cases: list[Json], folder: str) -> list[bool | None]:
    sys.path.insert(0, folder)
    app = importlib.import_module("shopify_app").ShopifyApp(CLIENT, SECRET)
    judges = {
        "webhook": lambda one: app.verify_webhook_req(
            {"method": "POST", "url": "/", "headers": one["headers"], "body": one["body"]}
        ),
        "proxy": lambda one: app.verify_app_proxy_req(
            {
                "method": "GET",
                "url": "https://thanks.example/?" + urlencode(one["query"]),
                "headers": {},
                "body": "",
            }
        ),
        "checkout": lambda one: app.verify_checkout_ui_ext_req(
            {
                "method": "GET",
                "url": "https://thanks.example/",
                "headers": {"Authorization": f"Bearer {one['token']}"},
                "body": "",
            }
        ),
    }
    return [judges[one["kind"]](one).ok if one["kind"] in judges else None for one in cases]


def _webhook(chance: random.Random) -> Json:
    body = json.dumps({chance.choice("abc"): chance.choice(_VALUES)}, ensure_ascii=False)
    made = hmac.new(_secret(chance).encode(), body.encode(), hashlib.sha256).digest()
    signature = base64.b64encode(made).decode()
    if chance.random() < 0.2:
        body += chance.choice((" ", "x"))
    if chance.random() < 0.1:
        signature = chance.choice((signature[:-4], signature.lower(), "x"))
    headers = {
        "X-Shopify-Hmac-Sha256": signature,
        "X-Shopify-Topic": "orders/paid",
        "X-Shopify-Shop-Domain": TEA,
        "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": f"{chance.getrandbits(64):x}",
    }
    return {"kind": "webhook", "body": body, "headers": headers}


def _proxy(chance: random.Random) -> Json:
    query = [("shop", TEA), ("timestamp", _moment(chance)), ("path_prefix", "/apps/friends")]
    query += [(name, chance.choice(_VALUES)) for name in chance.choices("klm", k=3)]
    query.append(("logged_in_customer_id", chance.choice(("", "7"))))
    names = sorted({name for name, _ in query})
    joined = "".join(f"{n}={','.join(v for name, v in query if name == n)}" for n in names)
    return {"kind": "proxy", "query": _spoilt(query, "signature", joined, chance)}


def _granted(chance: random.Random) -> Json:
    query = [
        ("code", f"{chance.getrandbits(64):x}"),
        ("host", "YWRtaW4uc2hvcGlmeS5jb20"),
        ("shop", TEA),
        ("state", f"{chance.getrandbits(64):x}"),
        ("timestamp", _moment(chance)),
    ]
    return {"kind": "granted", "query": _spoilt(query, "hmac", urlencode(sorted(query)), chance)}


def _spoilt(
    query: list[tuple[str, str]], name: str, joined: str, chance: random.Random
) -> list[tuple[str, str]]:
    """Sign a query, and now and then change it afterwards."""
    made = hmac.new(_secret(chance).encode(), joined.encode(), hashlib.sha256).hexdigest()
    at = chance.randrange(len(query))
    if chance.random() < 0.2:
        query[at] = (query[at][0], query[at][1] + "x")
    return [*query, (name, made if chance.random() < 0.9 else made[:-1])]


def _session(chance: random.Random) -> Json:
    claims = {
        "iss": f"https://{TEA}/admin",
        "dest": f"https://{TEA}",
        "sub": "42",
        "jti": f"{chance.getrandbits(64):x}",
        "sid": f"{chance.getrandbits(64):x}",
    }
    return {"kind": "session", "token": _token(claims, chance)}


def _checkout(chance: random.Random) -> Json:
    claims = {"dest": chance.choice((TEA, f"https://{TEA}")), "jti": f"{chance.getrandbits(64):x}"}
    if chance.random() < 0.5:
        claims["sub"] = "gid://shopify/Customer/9007199254740993"
    return {"kind": "checkout", "token": _token(claims, chance)}


def _token(claims: Json, chance: random.Random) -> str:
    ends = _FAR if chance.random() < 0.8 else 1_700_000_000
    app = CLIENT if chance.random() < 0.8 else "another"
    whole = claims | {"aud": app, "exp": ends, "nbf": 1_600_000_000, "iat": 1_600_000_000}
    if chance.random() < 0.1:
        return jwt.encode(whole, "", algorithm="none")
    token = jwt.encode(whole, _secret(chance), algorithm="HS256")
    return token if chance.random() < 0.9 else token[:-2]


def _secret(chance: random.Random) -> str:
    return SECRET if chance.random() < 0.75 else OTHER


def _moment(chance: random.Random) -> str:
    return str(int(time.time()) + chance.choice((0, 0, 0, -60, -600)))


if __name__ == "__main__":
    main()
