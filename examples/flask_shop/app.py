"""A shop of your own that embeds goodword: the order and its referral in one transaction.

    flask --app examples/flask_shop/app.py run

Mei gets a code, Bob buys with it, and the owner asks who was credited, and why:

    curl -d email=mei@tea.example http://127.0.0.1:5000/advocates/c-1
    curl -d email=bob@friend.example -d total=720 -d code=THE-CODE http://127.0.0.1:5000/orders
    curl http://127.0.0.1:5000/orders/1/why

The shop's own table is called `orders`, as anybody's is; ours all begin with `goodword_`.
"""

from __future__ import annotations

from datetime import UTC, datetime

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
    metadata.create_all(database)
    engine = goodword.embed(url)
    engine.migrate()
    app.extensions |= {"database": database, "closing": [engine.close, database.dispose]}
    referrals = engine.of()
    # Saved at each start: as long as nothing changed, this is the same version of the program.
    offer, reward = percent(10), amount_off("100", "TWD")
    referrals.programs.save(
        Program(name="friends", title="Give 10%, get NT$100", offer=offer, reward=reward)
    )

    @app.post("/advocates/<id>")
    def invite(id: str) -> Response:
        """A customer asks for something to pass on."""
        code = referrals.advocates.invite("friends", Advocate(id=id, email=request.form["email"]))
        return jsonify(code=code.shown, link=f"/r/{code.text}")

    @app.get("/r/<code>")
    def arrive(code: str) -> Response:
        """A friend follows the link: the visit is kept, and its id goes along in a cookie."""
        visit = referrals.record_visit(Visiting(code=code, via=request.args.get("via")))
        answer = redirect("/")
        answer.set_cookie("visit", visit.id, httponly=True, samesite="Lax")
        return answer  # type: ignore[return-value]

    @app.get("/")
    def front() -> str:
        return "Welcome to the tea house.\n"

    @app.post("/orders")
    def check_out() -> Response:
        """A friend buys: with the cookie of a link, with a typed code, with both, or with none."""
        email, total = request.form["email"], money(request.form["total"], "TWD")
        now = datetime.now(UTC)
        # One transaction: if either of the two cannot be stored, neither is.
        with database.begin() as connection:
            row = {"email": email, "total": request.form["total"]}
            stored = connection.execute(orders.insert().values(row))
            (id,) = stored.inserted_primary_key or (0,)
            order = Order(
                id=str(id),
                placed=now,
                paid=now,
                net=total,
                gross=total,
                email=email,
                code=request.form.get("code"),
                visit=request.cookies.get("visit"),
            )
            outcome = engine.within(connection).of().record_order(order)
        return jsonify(order=id, result=outcome.result, reasons=outcome.reasons)

    @app.get("/orders/<id>/why")
    def why(id: str) -> Response:
        """The shop's owner asks who was credited, and why."""
        told = referrals.credit.explain(id, language=request.args.get("language", "en"))
        return Response("\n".join(told.words) + "\n", mimetype="text/plain")

    @app.errorhandler(GoodwordError)
    def sorry(error: GoodwordError) -> tuple[Response, int]:
        """Every error says what is wrong and how to mend it; `reason` is for programs."""
        return jsonify(reason=error.reason, message=str(error)), 400

    return app
