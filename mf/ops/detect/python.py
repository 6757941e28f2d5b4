"""Python apps: requirements.txt, pyproject.toml, Pipfile.lock or a script of a usual name."""

from __future__ import annotations

import re
import tomllib

from mf.ops.detect.model import AS_ROOT, PORT, USER, DetectError, Language, Recipe, Tree, shell_command
from mf.ops.detect.procfile import web_command

BASE = "microfoundry/python:3.11"
SCRIPTS = ("app.py", "main.py", "server.py", "run.py", "wsgi.py", "asgi.py", "application.py")
INSTALL = "/opt/venv/bin/pip install"
_PYPROJECT_DEPENDENCIES = (
    'python3 -c \'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))'
    '["project"].get("dependencies", []), sep="\\n")\' > /tmp/requirements.txt'
)
_PIPFILE_DEPENDENCIES = (
    'python3 -c \'import json; print(*(n + v.get("version", "") for n, v in '
    'json.load(open("Pipfile.lock"))["default"].items()), sep="\\n")\' > /tmp/requirements.txt'
)


def recipe(tree: Tree) -> Recipe | None:
    """Dependencies are a layer of their own, so that it is reused while they stay the same."""
    sign = next(
        (name for name in ("requirements.txt", "pyproject.toml", "Pipfile.lock", *SCRIPTS) if name in tree.names), ""
    )
    if not sign:
        _refuse_half_a_pipfile(tree)
        return None
    command = start_command(tree)
    lines = [
        f"FROM {BASE}",
        *AS_ROOT,
        "WORKDIR /app",
        "RUN python3 -m venv /opt/venv",
        *_install(tree),
        f"COPY --chown={USER}:{USER} . .",
        *(["RUN /opt/venv/bin/pip install --no-deps ."] if _is_package(tree) else []),
        f"ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 HOME=/app PORT={PORT}",
        f"USER {USER}",
        shell_command(command),
    ]
    return Recipe(language="python", because=sign, dockerfile="\n".join(lines) + "\n", command=command)


def _refuse_half_a_pipfile(tree: Tree) -> None:
    if "Pipfile" in tree.names:
        raise DetectError("Pipfile without Pipfile.lock: versions are not fixed; run `pipenv lock` and push again")


def _install(tree: Tree) -> list[str]:
    if "requirements.txt" in tree.names:
        included = sorted(name for name in tree.names if re.fullmatch(r"(requirements|constraints)[^/]*\.txt", name))
        return [f"COPY {' '.join(included)} ./", f"RUN {INSTALL} -r requirements.txt"]
    if "pyproject.toml" in tree.names and "project" in _pyproject(tree):
        return ["COPY pyproject.toml ./", f"RUN {_PYPROJECT_DEPENDENCIES} && {INSTALL} -r /tmp/requirements.txt"]
    if "Pipfile.lock" in tree.names:
        return ["COPY Pipfile.lock ./", f"RUN {_PIPFILE_DEPENDENCIES} && {INSTALL} -r /tmp/requirements.txt"]
    return []


def _pyproject(tree: Tree) -> dict[str, object]:
    try:
        return tomllib.loads(tree.read("pyproject.toml"))
    except tomllib.TOMLDecodeError as exc:
        raise DetectError(f"pyproject.toml is not TOML: {exc}") from exc


def _is_package(tree: Tree) -> bool:
    """Whether the project itself is to be installed; a bare list of dependencies is not."""
    return (
        "requirements.txt" not in tree.names and "pyproject.toml" in tree.names and "build-system" in _pyproject(tree)
    )


def start_command(tree: Tree) -> str:
    """The Procfile's word, else the server that the app depends on, else its script."""
    return web_command(tree) or _django(tree) or _server(tree) or _script(tree)


def _django(tree: Tree) -> str:
    if "manage.py" not in tree.names:
        return ""
    wsgi = sorted(name for name in tree.names if re.fullmatch(r"[^/]+/wsgi\.py", name))
    if wsgi and _depends(tree, "gunicorn"):
        return f"gunicorn --bind 0.0.0.0:$PORT {wsgi[0][: -len('.py')].replace('/', '.')}:application"
    return "python manage.py runserver --insecure 0.0.0.0:$PORT"


def _server(tree: Tree) -> str:
    target = _application(tree)
    if not target:
        return ""
    if _depends(tree, "uvicorn") and _is_async(tree):
        return f"uvicorn {target} --host 0.0.0.0 --port $PORT"
    if _depends(tree, "gunicorn"):
        return f"gunicorn --bind 0.0.0.0:$PORT {target}"
    if _depends(tree, "flask"):
        return f"flask --app {target} run --host 0.0.0.0 --port $PORT"
    return ""


def _application(tree: Tree) -> str:
    """`module:variable` of the first usual script that makes a web application."""
    pattern = re.compile(r"^(app|application|api|server)\s*(?::[^=\n]+)?=\s*", re.MULTILINE)
    for script in SCRIPTS:
        match = pattern.search(tree.read(script))
        if match:
            return f"{script.removesuffix('.py')}:{match[1]}"
    return ""


def _is_async(tree: Tree) -> bool:
    return any(_depends(tree, name) for name in ("fastapi", "starlette", "litestar", "quart"))


def _depends(tree: Tree, package: str) -> bool:
    pattern = re.compile(rf"(^|[\"'\s]){package}\b(?!-)", re.IGNORECASE | re.MULTILINE)
    return any(pattern.search(tree.read(name)) for name in ("requirements.txt", "pyproject.toml", "Pipfile.lock"))


def _script(tree: Tree) -> str:
    script = next((name for name in SCRIPTS if name in tree.names), "")
    if script:
        return f"python {script}"
    packages = sorted(name for name in tree.names if re.fullmatch(r"[^/]+/__main__\.py", name))
    if packages:
        return f"python -m {packages[0].split('/')[0]}"
    raise DetectError(
        "a Python app, but not how to start it; looked for: Procfile, manage.py, " + ", ".join(SCRIPTS),
        hint="add a Procfile with `web: <command>`, or push with --command",
    )


LANGUAGE = Language(
    name="python", looks_for="requirements.txt, pyproject.toml, Pipfile.lock, app.py or main.py", recipe=recipe
)
