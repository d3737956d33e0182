"""Shop front: renders the catalogue and hands orders on to the orders API."""

import os

import requests
from flask import Flask, abort, redirect, render_template, request, session
from werkzeug.wrappers import Response

ORDERS_URL = os.environ.get("ORDERS_URL", "http://orders:8080")
TIMEOUT_SECONDS = 3

app = Flask(__name__)
app.secret_key = os.environ["SESSION_SECRET"]


def orders_api(method: str, path: str, body: dict[str, object] | None = None) -> object:
    """Call the orders API and return its JSON answer; an answer that is not 2xx ends the request with 502."""
    answer = requests.request(method, ORDERS_URL + path, json=body, timeout=TIMEOUT_SECONDS)
    if not answer.ok:
        abort(502)
    return answer.json()


@app.get("/")
def index() -> str:
    """Show what is for sale and what lies in the basket."""
    return render_template("index.html", items=orders_api("GET", "/items"), basket=session.get("basket", []))


@app.post("/basket")
def add_to_basket() -> Response:
    """Put one item into the basket, which lives in the signed session cookie."""
    session["basket"] = [*session.get("basket", []), request.form["item"]]
    return redirect("/")


@app.post("/checkout")
def checkout() -> Response:
    """Turn the basket into an order and empty it."""
    basket = session.pop("basket", [])
    if basket:
        orders_api("POST", "/orders", {"items": basket, "mail": request.form["mail"]})
    return redirect("/")


@app.get("/healthz")
def healthz() -> str:
    """Answer the probes."""
    return "ok"
