"""A cluster that does not answer delays its own environments only, and they say so."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlmodel import select

from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.connect import connect
from jobs.adapters.kubernetes.limits import Limits
from jobs.adapters.kubernetes.manifests import BuildSettings
from jobs.leases import LeaseKeeper
from jobs.ports import Ports
from jobs.retries import RetryPolicy
from jobs.runner import Runner
from jobs.sweeper import Bench
from models.database import Database
from models.environment import Environment
from models.operation import OperationStep
from models.operations.lease import wake
from models.sealing import Sealer, generate_key
from models.vocabulary import OperationKind, OperationStatus, StepStatus
from tests.chaos.servers import await_true
from tests.jobs.adapters.kubernetes.kubeconfigs import kubeconfig
from tests.jobs.scripted import SilentQueue, World
from tests.jobs.seeds import Seed, seed

THREADS = 2
SILENT = 12
REASON = "Cluster 'silent' does not answer."


@dataclass
class BlackHole:
    """Accepts connections and never says a word."""

    port: int
    connections: list[socket.socket] = field(default_factory=list[socket.socket])


@pytest.fixture
def hole() -> Generator[BlackHole]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        hole = BlackHole(server.getsockname()[1])

        def swallow() -> None:
            while True:
                try:
                    hole.connections.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=swallow, daemon=True).start()
        yield hole
        server.shutdown(socket.SHUT_RDWR)
    for connection in hole.connections:
        connection.close()


@contextmanager
def bench_of(runner: Runner) -> Generator[Bench]:
    bench = Bench(runner.run, THREADS)
    try:
        yield bench
    finally:
        bench.stop()


def move_to(place: Seed, cluster: str) -> None:
    with place.database.writing() as session:
        row = session.get_one(Environment, place.environment_id)
        row.cluster = cluster
        session.add(row)


def test_it_delays_its_own_environments_only(database: Database, hole: BlackHole, tmp_path: Path) -> None:
    limits = Limits(seconds=0.5)
    api = connect(kubeconfig(tmp_path / "silent", f"http://127.0.0.1:{hole.port}"), limits=limits)
    silent, answers = World(), World()
    ports: dict[str, Ports] = {
        "silent": replace(silent.ports(), cluster=KubernetesCluster(api, BuildSettings())),
        "local": answers.ports(),
    }
    sealer, retries = Sealer(generate_key()), RetryPolicy(8, 60.0, 60.0)
    leases = LeaseKeeper(database, "one", seconds=60, beat=1000)
    runner = Runner(database, SilentQueue(), leases, lambda cluster: ports[cluster], sealer, retries)
    held_up = [seed(database, "web", name=f"held-up-{number}") for number in range(SILENT)]
    for place in held_up:
        move_to(place, "silent")
    waiting = [place.queue(OperationKind.UPDATE_SERVICE, "web") for place in held_up]
    staging = seed(database, "web")
    update = staging.queue(OperationKind.UPDATE_SERVICE, "web")

    with bench_of(runner) as bench:
        for operation_id in [*waiting, update]:
            await_true("a thread is free", lambda id_=operation_id: bench.offer(id_))
        await_true("the other one ended", lambda: not staging.operation(update).unfinished)
        await_true("all of them wait", lambda: all(retrying(place) for place in held_up))

    assert staging.operation(update).status is OperationStatus.SUCCEEDED
    assert staging.environment().reason is None
    assert {place.environment().reason for place in held_up} == {REASON}
    assert {place.environment().phase_reason for place in held_up} == {None}
    # what came at once found the silence out; of the others one at a time asked
    assert len(hole.connections) < SILENT

    ports["silent"] = answers.ports()
    for place, operation_id in zip(held_up, waiting, strict=True):
        with database.writing() as session:
            for step in session.exec(select(OperationStep).where(OperationStep.operation_id == operation_id)).all():
                step.try_at = 0
                session.add(step)
            wake(session, place.environment_id)
        runner.run(operation_id)
        assert place.operation(operation_id).status is OperationStatus.SUCCEEDED
        assert place.environment().reason is None


def retrying(place: Seed) -> bool:
    with place.database.reading() as session:
        steps = session.exec(select(OperationStep).where(OperationStep.name == "namespace")).all()
    return sum(step.status is StepStatus.RETRYING for step in steps) == SILENT
