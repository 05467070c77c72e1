"""Whether the process is there, and whether it can do its work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from goodword.errors import NewerTables, NotMigrated
from goodword_server.house import House
from goodword_server.storage import inbox


def blueprint(house: House) -> Blueprint:
    """Return the routes that operators watch."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> Response:
        return jsonify(status="ok")

    @health.get("/readyz")
    def ready() -> tuple[Response, int]:
        try:
            house.check()
            now = house.now()
            oldest = house.database.read(lambda session: inbox.oldest(session, now))
        except NewerTables:
            mend = "use the release that made the tables"
            return jsonify(status="newer tables", mend=mend), 503
        except NotMigrated:
            return jsonify(status="not migrated", mend="run `goodword migrate`"), 503
        except Exception as error:
            return jsonify(status="no database", trouble=type(error).__name__), 503
        waiting = 0 if oldest is None else int((now - oldest).total_seconds())
        return jsonify(status="ok", oldest_unread_seconds=waiting), 200

    return health
