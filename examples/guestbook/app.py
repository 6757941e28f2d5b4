"""A guestbook: people leave a line, everyone reads them."""

from __future__ import annotations

import os

import entries
from flask import Flask, jsonify, redirect, render_template, request

app = Flask(__name__)


@app.get("/")
def page():
    """The book as a page; without a database, how to get one."""
    try:
        return render_template("page.html", entries=entries.latest(), problem="", app_name=_name())
    except entries.NoDatabase as exc:
        return render_template("page.html", entries=[], problem=str(exc), app_name=_name())


@app.get("/entries")
def listing():
    """The book as JSON."""
    return jsonify([entry.as_dict() for entry in entries.latest()])


@app.post("/entries")
def write():
    """One more entry, from a form or as JSON."""
    given = request.get_json(silent=True) or request.form
    text, author = str(given.get("text", "")).strip(), str(given.get("author", "")).strip()
    if not text or len(text) > 500:
        return jsonify(error="text must have 1 to 500 characters"), 400
    entries.add(author[:80] or "someone", text)
    return redirect("/", code=303) if request.form else (jsonify(ok=True), 201)


@app.get("/healthz")
def health():
    """Alive; the database is not asked, as a restart would not bring it back."""
    return "ok"


@app.errorhandler(entries.NoDatabase)
def no_database(problem: entries.NoDatabase):
    """The API's answer while there is no database."""
    hint = f"mf create-service postgresql small guestbook-db && mf bind-service {_name()} guestbook-db"
    return jsonify(error=str(problem), hint=hint), 503


def _name() -> str:
    return entries.AppEnv().name or "guestbook"


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", "8080")))
