"""Node, Go, Java and static sites: what their Dockerfiles do, and what is refused."""

from __future__ import annotations

import json

import pytest

from mf.ops.detect import go, java, node, static
from mf.ops.detect.model import DetectError, Recipe
from tests.mf.ops.detect.tree import FakeTree

MAIN = "package main\n\nfunc main() {}\n"


def package(**content: object) -> str:
    return json.dumps(content)


def made(recipe: Recipe | None) -> Recipe:
    assert recipe is not None
    return recipe


NODE_STARTS = [
    ({"package.json": package(scripts={"start": "node src/index.js"})}, "node src/index.js"),
    ({"package.json": package(scripts={"start": "next start"})}, "npm start"),
    ({"package.json": package(main="lib/x.js"), "lib/x.js": ""}, "node lib/x.js"),
    ({"package.json": package(), "server.js": ""}, "node server.js"),
    ({"package.json": package(), "Procfile": "web: node --inspect x.js"}, "node --inspect x.js"),
]


@pytest.mark.parametrize(("files", "command"), NODE_STARTS)
def test_node_start_commands_are_found(files: dict[str, str], command: str) -> None:
    assert made(node.recipe(FakeTree(files))).command == command


def test_node_installs_from_the_lock_before_the_source_is_in() -> None:
    text = made(node.recipe(FakeTree({"package.json": "{}", "package-lock.json": "{}", "app.js": ""}))).dockerfile
    assert text.index("COPY package.json package-lock.json ./") < text.index("npm ci --omit=dev") < text.index(". .")


def test_node_without_a_lock_says_that_versions_may_move() -> None:
    recipe = made(node.recipe(FakeTree({"package.json": "{}", "yarn.lock": "", "app.js": ""})))
    assert "npm install" in recipe.dockerfile
    assert recipe.notes[0].startswith("yarn.lock is not read: npm picks versions")


def test_node_builds_with_development_packages_and_drops_them_after() -> None:
    files = {"package.json": package(scripts={"build": "vite", "start": "node x"}), "package-lock.json": "{}"}
    text = made(node.recipe(FakeTree(files))).dockerfile
    assert "RUN npm ci --no-audit" in text
    assert "npm run build && npm prune --omit=dev" in text


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"package.json": "{"}, "package.json is not JSON"),
        ({"package.json": "[]"}, "package.json must hold an object"),
        ({"package.json": "{}"}, "not how to start it"),
    ],
)
def test_node_refusals_are_explained(files: dict[str, str], said: str) -> None:
    with pytest.raises(DetectError, match=said):
        node.recipe(FakeTree(files))


GO_MAINS = [
    ({"main.go": MAIN}, "."),
    ({"cmd/web/main.go": MAIN, "lib/x.go": "package lib"}, "./cmd/web"),
    ({"main.go": MAIN, "tools/gen/main.go": MAIN}, "."),
    ({"a/main.go": MAIN, "vendor/x/main.go": MAIN}, "./a"),
]


@pytest.mark.parametrize(("files", "folder"), GO_MAINS)
def test_go_main_package_is_found(files: dict[str, str], folder: str) -> None:
    assert go.main_package(FakeTree(files)) == folder


@pytest.mark.parametrize(
    ("files", "said"),
    [({"x.go": "package x"}, "no package with"), ({"a/m.go": MAIN, "b/m.go": MAIN}, "several main packages: a, b")],
)
def test_go_without_one_main_package_is_refused(files: dict[str, str], said: str) -> None:
    with pytest.raises(DetectError, match=said):
        go.main_package(FakeTree(files))


def test_go_modules_are_a_layer_of_their_own_unless_vendored() -> None:
    files = {"go.mod": "", "go.sum": "", "main.go": MAIN}
    text = made(go.recipe(FakeTree(files))).dockerfile
    assert text.index("RUN go mod download") < text.index("COPY . .") < text.index("go build")
    assert "go mod download" not in made(go.recipe(FakeTree({**files, "vendor/modules.txt": ""}))).dockerfile


def test_java_runs_the_jar_that_maven_made_and_keeps_maven_out_of_the_last_stage() -> None:
    text = made(java.recipe(FakeTree({"pom.xml": ""}))).dockerfile
    build, run = text.split("FROM ")[1:]
    assert "mvn -B -ntp -DskipTests package" in build
    assert "mvn" not in run
    assert "java -XX:MaxRAMPercentage=75" in run


def test_java_of_other_tools_is_refused_by_name() -> None:
    with pytest.raises(DetectError, match=r"build\.gradle: only Maven builds"):
        java.recipe(FakeTree({"build.gradle": ""}))


def test_static_sites_serve_the_folder_that_the_staticfile_names() -> None:
    files = {"Staticfile": "root: public\n", "public/index.html": ""}
    assert "COPY --chown=1000:1000 public/ /app/" in made(static.recipe(FakeTree(files))).dockerfile
    with pytest.raises(DetectError, match="says root: dist, but the source has no such folder"):
        static.recipe(FakeTree({**files, "Staticfile": "root: dist\n"}))
