"""A shop of your own that embeds goodword in its own transaction.

    flask --app examples/flask_shop/app.py run

Its table is called `orders`, as anybody's is; ours all begin with `goodword_`.  An order and its
referral are stored together or not at all.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import sqlalchemy as sa
from flask import Flask, Response, jsonify, redirect, request

import goodword
from goodword import Advocate, GoodwordError, Order, Program, Visiting, amount_off, money
from goodword import percent_off as percent

metadata = sa.MetaData()
orders = sa.Table(
    "orders",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("total", sa.Text, nullable=False),
)


def create_app(url: str = "sqlite:///flask_shop.db") -> Flask:
    """Return the shop, on any database that SQLAlchemy and goodword both speak."""
    app = Flask(__name__)
    database = sa.create_engine(url)
    engine = goodword.embed(url)
    engine.migrate()
    metadata.create_all(database)
    app.extensions |= {"database": database, "closing": [engine.close, database.dispose]}
    referrals = engine.of()
    referrals.programs.save(
        Program(
            name="friends",
            title="Give 10%, get NT$100",
            offer=percent(10),
            reward=amount_off("100", "TWD"),
        )
    )

    @app.post("/advocates/<id>")
    def invite(id: str) -> Response:
        code = referrals.advocates.invite("friends", Advocate(id=id, email=request.form["email"]))
        return jsonify(code=code.shown, link=f"/r/{code.text}")

    @app.get("/r/<code>")
    def arrive(code: str) -> Response:
        visit = referrals.record_visit(Visiting(code=code, via=request.args.get("via")))
        answer = redirect("/")
        answer.set_cookie("visit", visit.id, httponly=True, samesite="Lax")
        return answer  # type: ignore[return-value]

    @app.get("/")
    def front() -> str:
        return "Welcome to the tea house.\n"

    @app.post("/orders")
    def buy() -> Response:
        email, total = request.form["email"], money(Decimal(request.form["total"]), "TWD")
        now = datetime.now(UTC)
        # One transaction: if either of the two cannot be stored, neither is.
        with database.begin() as connection:
            row = connection.execute(
                orders.insert().values(email=email, total=request.form["total"])
            )
            (id,) = row.inserted_primary_key or (0,)
            outcome = (
                engine.within(connection)
                .of()
                .record_order(
                    Order(
                        id=str(id),
                        placed=now,
                        paid=now,
                        net=total,
                        gross=total,
                        email=email,
                        code=request.form.get("code"),
                        visit=request.cookies.get("visit"),
                    )
                )
            )
        return jsonify(order=id, result=outcome.result, reasons=outcome.reasons)

    @app.errorhandler(GoodwordError)
    def sorry(error: GoodwordError) -> tuple[Response, int]:
        return jsonify(reason=error.reason, message=str(error)), 400

    return app
