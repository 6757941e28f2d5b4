"""Fixtures for all tests (support file): real servers, started when the first test asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from engine.kube.client import Kube
from tests.support.apiserver import ApiServer, running


@pytest.fixture(scope="session")
def apiserver() -> Iterator[ApiServer]:
    """A real Kubernetes API server without nodes, started once."""
    with running() as server:
        yield server


@pytest.fixture
def kube(apiserver: ApiServer) -> Iterator[Kube]:
    """A client with all rights."""
    client = apiserver.kube()
    yield client
    client.close()


_numbers = count(1)


@pytest.fixture
def make_namespace(kube: Kube) -> Callable[[], str]:
    """Makes a namespace of its own for a test."""

    def make() -> str:
        name = f"test-{next(_numbers)}"
        kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        return name

    return make
