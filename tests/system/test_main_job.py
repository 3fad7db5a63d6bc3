"""The main job, end to end: every mutation on the sample, seen by a subscriber and in the cluster."""

import os
import signal
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.system.cluster import ClusterView
from tests.system.mutating import mutate, send
from tests.system.running import PATIENCE, Phaseline, take_until

ENVIRONMENT = """
query { environment(name: "acme-staging") {
  id name phase namespace domain
  services { nodes { id name kind status statusReason revision hostnames } }
  availableServices { nodes { id name } }
} }
"""

PHASES = """
subscription ($id: ID!, $after: String) { environmentPhaseChanged(environmentId: $id, after: $after) {
  sequence cursor previous phase reason operation { id kind status }
} }
"""


@pytest.fixture(scope="module")
def phaseline(tmp_path_factory: pytest.TempPathFactory) -> Generator[Phaseline]:
    running = Phaseline(tmp_path_factory.mktemp("phaseline") / "state").start()
    yield running
    running.stop()


def environment(phaseline: Phaseline) -> dict[str, Any]:
    return phaseline.ask(ENVIRONMENT)["environment"]


def settled(phaseline: Phaseline) -> dict[str, Any]:
    """The environment, once nothing is under way."""
    with phaseline.subscribed(PHASES, id=environment(phaseline)["id"]) as events:
        take_until(events, lambda e: e["environmentPhaseChanged"]["phase"] in ("ACTIVE", "ERROR"))
    return environment(phaseline)


def service_id(found: dict[str, Any], name: str) -> str:
    return next(node["id"] for node in found["services"]["nodes"] if node["name"] == name)


def test_the_sample_is_deployed(phaseline: Phaseline) -> None:
    found = settled(phaseline)

    assert found["phase"] == "ACTIVE"
    assert sorted(node["name"] for node in found["services"]["nodes"]) == ["api", "database", "web", "worker"]
    assert {node["status"] for node in found["services"]["nodes"]} == {"RUNNING"}
    assert [node["name"] for node in found["availableServices"]["nodes"]] == ["nightly-report"]


def test_add_update_delete_and_roll_back(phaseline: Phaseline) -> None:
    found = settled(phaseline)
    cluster = ClusterView(phaseline.kubeconfig, found["namespace"])
    available = found["availableServices"]["nodes"][0]

    added = mutate(phaseline, "addService", environmentId=found["id"], projectServiceId=available["id"])
    assert added["status"] == "SUCCEEDED", added
    assert "nightly-report" in cluster.names("batch/v1", "cronjobs")

    web = service_id(found, "web")
    change = {"source": {"image": {"image": "ghcr.io/acme/web:1.5.0"}}, "deployment": {"replicas": 3}}
    updated = mutate(phaseline, "updateService", serviceId=web, configuration=change)
    assert updated["status"] == "SUCCEEDED", updated
    deployment = cluster.get("apps/v1", "deployments", "web")
    assert deployment["spec"]["replicas"] == 3
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] == "ghcr.io/acme/web:1.5.0"

    rolled_back = mutate(phaseline, "rollbackService", serviceId=web, revision=1)
    assert rolled_back["status"] == "SUCCEEDED", rolled_back
    deployment = cluster.get("apps/v1", "deployments", "web")
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] == "ghcr.io/acme/web:1.4.0"

    worker = service_id(found, "worker")
    before = cluster.names("apps/v1", "deployments")
    deleted = mutate(phaseline, "deleteService", serviceId=worker, confirm=True)
    assert deleted["status"] == "SUCCEEDED", deleted
    assert cluster.names("apps/v1", "deployments") == [name for name in before if name != "worker"]
    assert settled(phaseline)["phase"] == "ACTIVE"


def test_a_worker_that_is_frozen_inside_of_a_write_is_started_anew(phaseline: Phaseline) -> None:
    web = service_id(settled(phaseline), "web")
    change = {"arguments": ["--after-the-freeze"]}

    frozen = freeze_in_a_write(phaseline)
    updated = mutate(phaseline, "updateService", serviceId=web, configuration=change)

    assert updated["status"] == "SUCCEEDED", updated
    assert phaseline.group("worker") != frozen


def freeze_in_a_write(phaseline: Phaseline) -> int:
    """Stops the worker's processes; returns their group."""
    ends = time.monotonic() + PATIENCE
    with closing(sqlite3.connect(phaseline.folder / "phaseline.db", isolation_level=None)) as database:
        while time.monotonic() < ends:
            with suppress(ProcessLookupError):  # it was stopped whenever the supervisor looked, and so it was ended
                group = phaseline.group("worker")
                os.killpg(group, signal.SIGSTOP)
                if not can_write(database, 0) and not can_write(database, 0.5):  # longer than the API's writes take
                    return group
                os.killpg(group, signal.SIGCONT)
    raise AssertionError("it never writes")


def can_write(database: sqlite3.Connection, seconds: float) -> bool:
    database.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    try:
        database.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    database.execute("ROLLBACK")
    return True


def test_a_bad_image_fails_with_its_reason_and_the_next_update_mends_it(phaseline: Phaseline) -> None:
    found = settled(phaseline)
    web = service_id(found, "web")
    bad = {"source": {"image": {"image": "ghcr.io/acme/missing:1"}}}

    failed = mutate(phaseline, "updateService", serviceId=web, configuration=bad)
    assert failed["status"] == "FAILED"
    assert "ImagePullBackOff" in failed["failure"]["message"]
    assert settled(phaseline)["phase"] == "ERROR"

    good = {"source": {"image": {"image": "ghcr.io/acme/web:1.6.0"}}}
    mended = mutate(phaseline, "updateService", serviceId=web, configuration=good)
    assert mended["status"] == "SUCCEEDED", mended
    assert settled(phaseline)["phase"] == "ACTIVE"


def test_a_destroy_survives_a_pulled_plug(tmp_path: Path) -> None:
    running = Phaseline(tmp_path / "state").start()
    found = settled(running)
    cluster = ClusterView(running.kubeconfig, found["namespace"])
    cluster.hold("web")
    with running.subscribed(PHASES, id=found["id"]) as events:
        cursor = next(events)["environmentPhaseChanged"]["cursor"]
    send(running, "destroyEnvironment", environmentId=found["id"], confirmName="acme-staging")
    running.kill()

    running = Phaseline(tmp_path / "state", running.port).start()
    try:
        ClusterView(running.kubeconfig, found["namespace"]).release("web")
        with running.subscribed(PHASES, id=found["id"], after=cursor) as events:
            phases = [event["environmentPhaseChanged"]["phase"] for event in events]
        assert phases == ["DESTROYING", "DESTROYED"]
        assert found["namespace"] not in ClusterView(running.kubeconfig).names("v1", "namespaces")
    finally:
        running.stop()
