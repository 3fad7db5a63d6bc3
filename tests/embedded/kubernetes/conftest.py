"""One server for all tests that don't change the cluster for others, and one of their own for those that do."""

import itertools
from collections.abc import Generator
from pathlib import Path

import pytest

from embedded import kubernetes
from embedded.kubernetes import RunningKubernetes
from tests.embedded.kubernetes.client import Client

_numbers = itertools.count()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningKubernetes]:
    server = kubernetes.start(tmp_path_factory.mktemp("kubernetes"))
    yield server
    server.stop()
    assert "Traceback" not in (server.kubeconfig.parent / "kubernetes.log").read_text()


@pytest.fixture(scope="session")
def client(shared_server: RunningKubernetes) -> Generator[Client]:
    client = Client(shared_server)
    yield client
    client.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Generator[RunningKubernetes]:
    server = kubernetes.start(tmp_path / "kubernetes")
    yield server
    server.stop()
    assert "Traceback" not in (server.kubeconfig.parent / "kubernetes.log").read_text()


@pytest.fixture
def own_client(own_server: RunningKubernetes) -> Generator[Client]:
    client = Client(own_server)
    yield client
    client.close()


@pytest.fixture
def namespace(client: Client) -> str:
    """A new one on the shared server."""
    name = f"test-{next(_numbers)}"
    client.post("/api/v1/namespaces", {"metadata": {"name": name}})
    return name


@pytest.fixture
def core(namespace: str) -> str:
    """The path of the core kinds in the test's namespace."""
    return f"/api/v1/namespaces/{namespace}"


@pytest.fixture
def apps(namespace: str) -> str:
    return f"/apis/apps/v1/namespaces/{namespace}"


@pytest.fixture
def batch(namespace: str) -> str:
    return f"/apis/batch/v1/namespaces/{namespace}"
