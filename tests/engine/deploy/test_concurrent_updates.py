"""Updates of several stacks in one process do not see each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pulumi
import pytest

import engine.providers
from tests.engine.deploy.cloud import Cloud, CloudProvider
from tests.engine.deploy.stage import Stage, Thing


@pytest.mark.parametrize("direct", [False, True])
def test_four_stacks_at_once_keep_apart(tmp_path: Path, direct: bool) -> None:
    cloud = Cloud()
    engine.providers.register("cloud", lambda host: CloudProvider(cloud, host))

    def deploy(number: int) -> Stage:
        stage = Stage(cloud=cloud, directory=tmp_path, direct=direct)

        def program() -> None:
            for index in range(10):
                Thing(f"s{number}-{index}", value=str(number))
            pulumi.export("number", str(number))

        for _ in range(2):
            assert stage.up(program).succeeded, stage.errors()
        return stage

    with ThreadPoolExecutor(4) as pool:
        stages = list(pool.map(deploy, range(4)))
    for number, stage in enumerate(stages):
        assert stage.resource("demo-dev").outputs == {"number": str(number)}
        assert sorted(stage.names()) == [f"s{number}-{index}" for index in range(10)]
    assert len(cloud.things) == 40
