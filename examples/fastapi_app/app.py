"""A FastAPI app that asks a goodword server.

export GOODWORD_URL=https://thanks.example GOODWORD_KEY=gw_…
pip install uvicorn
uvicorn --app-dir examples/fastapi_app app:app

curl --json '{"id": "c-1", "name": "Mei"}' http://127.0.0.1:8000/advocates
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

import goodword
from goodword import Advocate, GoodwordError, Order, Program, money, percent_off, share_of_order

# One for the whole process: it keeps its connections, and threads may share it.
referrals = goodword.connect(os.environ["GOODWORD_URL"], os.environ["GOODWORD_KEY"])


@asynccontextmanager
async def life(app: FastAPI) -> AsyncIterator[None]:
    """Save the program at the start: unchanged, this is the version that stands."""
    offer, reward = percent_off(10), share_of_order(10)
    referrals.programs.save(
        Program(name="friends", title="Give 10%, get 10%", offer=offer, reward=reward)
    )
    yield
    referrals.close()


app = FastAPI(title="A tea house", lifespan=life)


class Customer(BaseModel):
    """Who asks for something to pass on."""

    id: str
    name: str = ""


class Bought(BaseModel):
    """What was bought; amounts are texts, since floats cannot hold money."""

    number: str
    total: str
    code: str | None = None


# `def` and not `async def`: the client waits for its answers, so FastAPI gives it a thread.


@app.post("/advocates", status_code=201)
def invite(customer: Customer) -> dict[str, str]:
    """A customer asks for something to pass on."""
    code = referrals.advocates.invite("friends", Advocate(id=customer.id, name=customer.name))
    return {"code": code.shown}


@app.post("/orders")
def check_out(bought: Bought) -> dict[str, object]:
    """A friend buys."""
    now, total = datetime.now(UTC), money(bought.total, "TWD")
    order = Order(id=bought.number, placed=now, paid=now, net=total, gross=total, code=bought.code)
    outcome = referrals.record_order(order)
    return {"result": outcome.result, "reasons": outcome.reasons}


@app.get("/orders/{number}/why")
def why(number: str) -> list[str]:
    """Say who was credited for an order, and why."""
    return list(referrals.credit.explain(number).words)


@app.exception_handler(GoodwordError)
def sorry(request: Request, error: GoodwordError) -> JSONResponse:
    """Errors read as they do where goodword is embedded; each kind has a class of its own."""
    status = 404 if isinstance(error, goodword.Unknown) else 400
    return JSONResponse({"reason": error.reason, "message": str(error)}, status)
