"""Orders API: the catalogue, and orders kept in SQLite."""

import json
import os
import sqlite3
from contextlib import closing
from typing import Any

from flask import Flask, abort, g, jsonify, request
from werkzeug.wrappers import Response

DATABASE = os.environ.get("ORDERS_DATABASE", "/data/orders.sqlite")
ITEMS = [
    {"id": "lamp", "title": "Harbour lamp", "cents": 4900},
    {"id": "rope", "title": "Mooring rope, 20 m", "cents": 3450},
    {"id": "chart", "title": "Tide chart", "cents": 1200},
]
KNOWN = {item["id"] for item in ITEMS}
MOST_ITEMS = 100

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 64 * 1024


def database() -> sqlite3.Connection:
    """Return the request's connection, opened on first use."""
    if "database" not in g:
        g.database = sqlite3.connect(DATABASE)
        g.database.execute(
            "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, mail TEXT, items TEXT, sent INT)"
        )
    return g.database  # type: ignore[no-any-return]


@app.teardown_appcontext
def close(_: BaseException | None) -> None:
    """Close the request's connection."""
    if "database" in g:
        g.pop("database").close()


@app.get("/items")
def items() -> Response:
    """List what is for sale."""
    return jsonify(ITEMS)


@app.post("/orders")
def create() -> tuple[Response, int]:
    """Keep one order; 400 when it names unknown items, none or too many."""
    body: dict[str, Any] = request.get_json()
    wanted, mail = body.get("items"), body.get("mail")
    if not isinstance(mail, str) or not isinstance(wanted, list) or not 0 < len(wanted) <= MOST_ITEMS:
        abort(400)
    if not all(isinstance(item, str) and item in KNOWN for item in wanted):
        abort(400)
    with database() as connection:
        row = connection.execute("INSERT INTO orders (mail, items, sent) VALUES (?, ?, 0)", (mail, json.dumps(wanted)))
    return jsonify({"id": row.lastrowid}), 201


@app.get("/orders/unsent")
def unsent() -> Response:
    """List orders that nobody was told of yet, oldest first."""
    with closing(database().execute("SELECT id, mail, items FROM orders WHERE sent = 0 ORDER BY id LIMIT 50")) as rows:
        return jsonify([{"id": row[0], "mail": row[1], "items": json.loads(row[2])} for row in rows])


@app.post("/orders/<int:order>/sent")
def sent(order: int) -> tuple[str, int]:
    """Remember that the customer was told."""
    with database() as connection:
        connection.execute("UPDATE orders SET sent = 1 WHERE id = ?", (order,))
    return "", 204


@app.get("/healthz")
def healthz() -> str:
    """Answer the probes."""
    return "ok"
