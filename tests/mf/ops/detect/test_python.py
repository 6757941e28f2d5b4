"""Python apps: how they start, and in which order their layers are made."""

from __future__ import annotations

import pytest

from mf.ops.detect import python
from mf.ops.detect.model import DetectError
from tests.mf.ops.detect.tree import FakeTree

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
STARTS = [
    ({"requirements.txt": "flask", "app.py": FLASK, "Procfile": "web: ./run\n"}, "./run"),
    ({"requirements.txt": "Flask==3\ngunicorn==27", "app.py": FLASK}, "gunicorn --bind 0.0.0.0:$PORT app:app"),
    ({"requirements.txt": "Flask==3", "main.py": FLASK}, "flask --app main:app run --host 0.0.0.0 --port $PORT"),
    (
        {"requirements.txt": "fastapi\nuvicorn[standard]", "main.py": "api = FastAPI()"},
        "uvicorn main:api --host 0.0.0.0 --port $PORT",
    ),
    (
        {"requirements.txt": "django\ngunicorn", "manage.py": "", "shop/wsgi.py": ""},
        "gunicorn --bind 0.0.0.0:$PORT shop.wsgi:application",
    ),
    ({"requirements.txt": "django", "manage.py": ""}, "python manage.py runserver --insecure 0.0.0.0:$PORT"),
    ({"requirements.txt": "requests", "server.py": "print()"}, "python server.py"),
    ({"pyproject.toml": "[project]\ndependencies=[]", "tool/__main__.py": ""}, "python -m tool"),
    (
        {"requirements.txt": "gunicorn-extra\nflask", "app.py": FLASK},
        "flask --app app:app run --host 0.0.0.0 --port $PORT",
    ),
]


@pytest.mark.parametrize(("files", "command"), STARTS, ids=[command for _, command in STARTS])
def test_the_start_command_is_found(files: dict[str, str], command: str) -> None:
    assert python.start_command(FakeTree(files)) == command


def dockerfile(files: dict[str, str]) -> str:
    recipe = python.recipe(FakeTree(files))
    assert recipe is not None
    return recipe.dockerfile


def test_dependencies_are_installed_before_the_source_is_copied() -> None:
    text = dockerfile({"requirements.txt": "flask", "requirements-base.txt": "", "app.py": FLASK})
    assert "COPY requirements-base.txt requirements.txt ./" in text
    assert text.index("-r requirements.txt") < text.index("COPY --chown=1000:1000 . .")


def test_a_project_with_a_build_system_is_installed_itself() -> None:
    files = {"pyproject.toml": '[build-system]\n[project]\nname="x"', "main.py": ""}
    text = dockerfile(files)
    assert text.index("COPY pyproject.toml") < text.index("COPY --chown") < text.index("pip install --no-deps .")


def test_a_lock_of_pipenv_is_read() -> None:
    assert "COPY Pipfile.lock" in dockerfile({"Pipfile": "", "Pipfile.lock": "{}", "app.py": ""})


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"requirements.txt": "flask"}, "not how to start it; looked for: Procfile, manage.py, app.py"),
        ({"Pipfile": ""}, "Pipfile without Pipfile.lock"),
        ({"pyproject.toml": "not toml [", "main.py": ""}, "pyproject.toml is not TOML"),
        ({"app.py": "", "Procfile": "worker: x\n"}, "Procfile has no `web:` process; it has: worker"),
        ({"app.py": "", "Procfile": "web\n"}, "Procfile line 1 is not `<process>: <command>`: web"),
    ],
)
def test_what_can_not_be_started_is_explained(files: dict[str, str], said: str) -> None:
    with pytest.raises(DetectError) as caught:
        python.recipe(FakeTree(files))
    assert said in caught.value.message


def test_quotes_of_a_command_survive_the_dockerfile() -> None:
    text = dockerfile({"app.py": "", "Procfile": 'web: sh -c "echo \\"$PORT\\""\n'})
    assert 'CMD ["/bin/sh", "-c", "exec sh -c \\"echo \\\\\\"$PORT\\\\\\"\\""]' in text
