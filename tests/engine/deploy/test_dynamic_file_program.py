"""Dynamic resources of programs on disk: their code runs in the program's own interpreter and folder."""

from __future__ import annotations

import json
import os
import textwrap
from pathlib import Path
from typing import Any

from engine.deploy.api import ConfigValue, FileProgram, Operation, Outcome
from engine.values import Secret
from tests.engine.deploy.stage import Stage

SHELVES = """
    import json, os
    from pulumi.dynamic import CreateResult, Resource, ResourceProvider, UpdateResult

    def keep(id, value):
        with open("shelf.json", "w") as file:
            json.dump({"id": id, "value": value, "pid": os.getpid()}, file)
"""

PROGRAM = """
    import os, pulumi, shelves
    from pulumi.dynamic import CreateResult, Resource, ResourceProvider, UpdateResult

    class Shelf(ResourceProvider):
        def configure(self, req):
            self.mark = req.config.get("mark") or ""
        def create(self, props):
            if props["value"] == "broken":
                raise ValueError("the shelf broke")
            shelves.keep("s-1", props["value"])
            return CreateResult("s-1", {"value": props["value"], "mark": self.mark})
        def update(self, id, olds, news):
            shelves.keep(id, news["value"])
            return UpdateResult({"value": news["value"]})
        def delete(self, id, props):
            os.remove("shelf.json")

    class Thing(Resource):
        def __init__(self, name, value):
            super().__init__(Shelf(), name, {"value": value, "mark": None})

    Thing("thing", VALUE)
"""


def _run(stage: Stage, value: str, operation: Operation = Operation.UP) -> Outcome:
    (stage.directory / "shelves.py").write_text(textwrap.dedent(SHELVES))
    (stage.directory / "__main__.py").write_text(textwrap.dedent(PROGRAM).replace("VALUE", value))
    return stage.run(operation, FileProgram(root=stage.directory), {})


def _shelf(directory: Path) -> dict[str, Any]:
    return dict(json.loads((directory / "shelf.json").read_text()))


def test_life_of_a_dynamic_resource_whose_code_needs_the_programs_modules(stage: Stage) -> None:
    stage.config["demo:mark"] = ConfigValue("m", secret=True)
    stage.home = FileProgram(root=stage.directory)
    assert _run(stage, "'one'", Operation.PREVIEW).changes == {"create": 2}, stage.errors()
    assert not (stage.directory / "shelf.json").exists()
    assert _run(stage, "'one'").changes == {"create": 2}, stage.errors()
    kept = _shelf(stage.directory)
    assert (kept["value"], kept["pid"] != os.getpid()) == ("one", True)
    thing = stage.resource("thing")
    assert isinstance(thing.inputs["__provider"], Secret)
    assert thing.outputs["mark"] == "m"
    assert _run(stage, "'one'").changes == {"same": 2}
    assert _run(stage, "'two'").changes == {"same": 1, "update": 1}
    assert stage.refresh().succeeded, stage.errors()
    assert stage.destroy().succeeded, stage.errors()
    assert not (stage.directory / "shelf.json").exists()


def test_bug_in_the_providers_code_is_shown_with_the_users_lines_only(stage: Stage) -> None:
    assert not _run(stage, "'broken'").succeeded
    (error,) = stage.errors()
    assert error.startswith("Traceback (most recent call last):")
    assert error.endswith("ValueError: the shelf broke")
    assert str(stage.directory) in error
    assert "pulumi/dynamic" not in error


def test_provider_that_ends_its_process_is_an_error_of_its_resource(stage: Stage) -> None:
    (stage.directory / "shelves.py").write_text("import os\nkeep = lambda *_: os._exit(3)\n")
    text = textwrap.dedent(PROGRAM).replace("VALUE", "'one'")
    (stage.directory / "__main__.py").write_text(text)
    assert not stage.run(Operation.UP, FileProgram(root=stage.directory), {}).succeeded
    assert any("pulumi-python" in error for error in stage.errors()), stage.errors()
