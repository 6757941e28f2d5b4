"""Which language a source is, and what is said when it is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from mf.ops import source
from mf.ops.detect import choose
from mf.ops.detect.model import DetectError
from tests.mf.ops.detect.tree import FakeTree

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
KINDS = [
    ({"Dockerfile": "FROM x", "app.py": ""}, "dockerfile"),
    ({"Containerfile": "FROM x"}, "dockerfile"),
    ({"pom.xml": "", "package.json": "{}"}, "java"),
    ({"go.mod": "module x", "main.go": "package main\nfunc main() {}"}, "go"),
    ({"package.json": "{}", "index.js": "", "index.html": ""}, "node"),
    ({"requirements.txt": "flask", "app.py": "app = Flask()", "index.html": ""}, "python"),
    ({"main.py": ""}, "python"),
    ({"index.html": ""}, "static"),
    ({"Staticfile": "root: public", "public/a.html": ""}, "static"),
]


@pytest.mark.parametrize(("files", "language"), KINDS, ids=[f"{kind}-{'+'.join(files)}" for files, kind in KINDS])
def test_files_tell_the_language(files: dict[str, str], language: str) -> None:
    assert choose.detect(FakeTree(files)).language == language


def test_nothing_that_fits_lists_everything_that_was_looked_for() -> None:
    with pytest.raises(DetectError) as caught:
        choose.detect(FakeTree({"notes.txt": ""}))
    for sign in ("Dockerfile", "pom.xml", "go.mod", "package.json", "requirements.txt", "index.html"):
        assert sign in caught.value.message
    assert "\n" not in caught.value.message


def test_a_named_way_of_building_is_the_only_one_tried() -> None:
    files = FakeTree({"Dockerfile": "FROM x", "index.html": ""})
    assert choose.detect(files, build="static").language == "static"
    with pytest.raises(DetectError, match=r"looked for: go.mod$"):
        choose.detect(files, build="go")


def test_a_named_dockerfile_is_used_and_has_to_be_there() -> None:
    files = FakeTree({"ops/Dockerfile": "FROM x", "index.html": ""})
    assert choose.detect(files, dockerfile="ops/Dockerfile").because == "ops/Dockerfile"
    with pytest.raises(DetectError, match=r"there is no Dockerfile\.dev"):
        choose.detect(files, dockerfile="Dockerfile.dev")


def test_a_dockerfile_without_from_is_refused() -> None:
    with pytest.raises(DetectError, match="Dockerfile has no FROM line"):
        choose.detect(FakeTree({"Dockerfile": "RUN true"}))


STARTS = [
    ("guestbook", "python", "gunicorn --bind 0.0.0.0:$PORT --workers 2 --access-logfile - app:app"),
    ("hello-node", "node", "node server.js"),
    ("hello-go", "go", "/app/server"),
    ("hello-java", "java", "java -XX:MaxRAMPercentage=75 $JAVA_OPTS -jar /app/app.jar"),
    ("hello-static", "static", ""),
    ("hello-dockerfile", "dockerfile", ""),
]


@pytest.mark.parametrize(("example", "language", "command"), STARTS)
def test_each_example_is_what_its_name_says_and_starts_as_it_should(example: str, language: str, command: str) -> None:
    recipe = choose.detect(source.collect(EXAMPLES / example))
    assert (recipe.language, recipe.command, recipe.notes) == (language, command, ())


@pytest.mark.parametrize("example", [name for name, *_ in STARTS])
def test_no_example_runs_as_root(example: str) -> None:
    dockerfile = choose.detect(source.collect(EXAMPLES / example)).dockerfile
    users = [line.split()[1] for line in dockerfile.splitlines() if line.startswith("USER ")]
    assert users[-1] == "1000"
