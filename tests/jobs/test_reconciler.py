"""The health of services: looked at by one worker at a time, written down, and nothing is repaired."""

import threading
from typing import Any

import pytest
from sqlmodel import select

from jobs.errors import Blocker, Permanent, Transient
from jobs.ports import DnsRecord
from jobs.reconciler import Reconciler
from models.configuration import IngressRule, NetworkSettings, Port, Variable
from models.database import Database
from models.environment import Environment, PhaseTransition
from models.health import ask_for_looks, due_looks
from models.operation import Operation
from models.phases import lock_environment, move
from models.sealing import Sealer, generate_key
from models.service import Release, Service
from models.vocabulary import EnvironmentPhase, HealthState, OperationKind, ServiceStatus
from tests.jobs.scripted import World, raising
from tests.jobs.seeds import CONFIGURATION, Seed, seed

SEALER = Sealer(generate_key())
RECORD = DnsRecord("www.x.test", "A", ("192.0.2.1",))
PUBLIC = CONFIGURATION.model_copy(
    update={
        "variables": (Variable(name="PASSWORD", secret=True, sealed=SEALER.seal("hunter2")),),
        "networking": NetworkSettings(
            ports=(Port(name="http", number=80),), ingress=(IngressRule(host="www", port="http"),)
        ),
    }
)


@pytest.fixture
def world() -> World:
    """All is well in it."""
    world = World()
    world.always("dns.ailments", dict)
    return world


def reconciler_of(database: Database, world: World, cluster: str = "local") -> Reconciler:
    return Reconciler(database, cluster, lambda cluster: world.ports(), SEALER, seconds=1000)


@pytest.fixture
def staging(database: Database) -> Seed:
    """`web` runs its first release."""
    staging = seed(database, "web", configuration=PUBLIC)
    with database.writing() as session:
        session.add(
            Release(
                service_id=staging.service_ids["web"],
                revision=1,
                image="example.com/app@sha256:1",
                configuration=PUBLIC,
                succeeded=True,
            )
        )
    return staging


@pytest.fixture
def reconciler(database: Database, world: World) -> Reconciler:
    return reconciler_of(database, world)


def health(staging: Seed) -> tuple[HealthState, str | None]:
    service = staging.service("web")
    assert service is not None
    return service.health, service.health_reason


def look_again(reconciler: Reconciler, staging: Seed) -> bool:
    with staging.database.writing() as session:
        ask_for_looks(session, [staging.environment_id])
    return reconciler.look(staging.environment_id)


def test_what_is_as_it_should_be_is_healthy(reconciler: Reconciler, staging: Seed, world: World) -> None:
    assert health(staging) == (HealthState.UNKNOWN, None)

    assert reconciler.look(staging.environment_id)

    assert health(staging) == (HealthState.HEALTHY, None)
    service = staging.service("web")
    assert service is not None
    assert service.health_checked_at is not None
    _service, desired = world.arguments["cluster.ailments"]
    assert desired.secrets == {"PASSWORD": "hunter2"}
    assert desired.image == "example.com/app@sha256:1"
    assert world.arguments["dns.ailments"][1] == [RECORD]
    assert world.arguments["secrets.ailments"][1] == {"PASSWORD": "hunter2"}
    assert {call.split(".")[1] for call in world.calls} == {"ailments"}  # it only looks


def test_everything_that_is_not_is_named_and_nothing_is_done_about_it(
    reconciler: Reconciler, staging: Seed, world: World
) -> None:
    world.then("cluster.ailments", lambda: ["Deployment web is missing"])
    world.scripts["dns.ailments"] = [lambda: {RECORD: "the DNS record of www.x.test is missing"}]
    world.then("secrets.ailments", lambda: ["its cloud secret is missing"])

    reconciler.look(staging.environment_id)

    assert health(staging) == (
        HealthState.DEGRADED,
        "Deployment web is missing; the DNS record of www.x.test is missing; its cloud secret is missing.",
    )
    service = staging.service("web")
    assert service is not None
    assert service.status is ServiceStatus.RUNNING
    assert staging.phases() == ["INITIALIZING", "ACTIVE"]
    with staging.database.reading() as session:
        assert session.exec(select(Operation)).all() == []


def test_it_recovers(reconciler: Reconciler, staging: Seed, world: World) -> None:
    world.then("cluster.ailments", lambda: ["Deployment web is missing"])
    reconciler.look(staging.environment_id)

    look_again(reconciler, staging)

    assert health(staging) == (HealthState.HEALTHY, None)


def test_a_silent_cluster_makes_everything_unknown_and_moves_no_phase(
    reconciler: Reconciler, staging: Seed, world: World
) -> None:
    world.then("cluster.ailments", raising(Transient("The cluster did not answer GET /api.")))

    reconciler.look(staging.environment_id)

    state, reason = health(staging)
    assert state is HealthState.UNKNOWN
    assert reason == "Cluster 'local' could not be looked at: The cluster did not answer GET /api."
    assert staging.environment().reason == reason
    assert staging.environment().phase_reason is None
    assert staging.phases() == ["INITIALIZING", "ACTIVE"]

    look_again(reconciler, staging)
    assert health(staging) == (HealthState.HEALTHY, None)
    assert staging.environment().reason is None


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        (Permanent("Service web is managed by Helm.", blockers=[Blocker("Service", "web", "")]), HealthState.DEGRADED),
        (Permanent("A right is missing in the cluster."), HealthState.UNKNOWN),
    ],
)
def test_a_refusal_tells_of_the_service_only_when_it_names_the_object(
    reconciler: Reconciler, staging: Seed, world: World, refusal: Permanent, state: HealthState
) -> None:
    world.then("cluster.ailments", raising(refusal))

    reconciler.look(staging.environment_id)

    assert health(staging) == (state, refusal.message)


def test_what_can_not_be_asked_hides_nothing_that_was_seen(reconciler: Reconciler, staging: Seed, world: World) -> None:
    throttled = raising(Transient("Route53 throttles us."))
    world.scripts["dns.ailments"] = [throttled, throttled]
    world.then("cluster.ailments", list, lambda: ["Deployment web is missing"])

    reconciler.look(staging.environment_id)
    assert health(staging) == (HealthState.UNKNOWN, "Route53 throttles us.")

    look_again(reconciler, staging)
    assert health(staging) == (HealthState.DEGRADED, "Deployment web is missing.")


def test_one_worker_looks_at_an_environment_at_a_time(staging: Seed, world: World, database: Database) -> None:
    first, second = reconciler_of(database, world), reconciler_of(database, world)
    looked: list[bool] = []

    def meanwhile() -> list[str]:
        looked.append(look_again(second, staging))
        return []

    world.then("cluster.ailments", meanwhile)

    assert first.look(staging.environment_id)

    assert looked == [False]
    assert world.count("cluster.ailments") == 1


def test_a_look_that_a_newer_one_has_overtaken_writes_nothing(staging: Seed, world: World, database: Database) -> None:
    first, second = reconciler_of(database, world), reconciler_of(database, world)

    def frozen_for_long() -> list[str]:
        with database.writing() as session:
            environment = session.get_one(Environment, staging.environment_id)
            environment.looked_until = 0
            environment.look_at = 0
            session.add(environment)
        assert second.look(staging.environment_id)
        return ["Deployment web is missing"]

    world.then("cluster.ailments", frozen_for_long)

    assert not first.look(staging.environment_id)
    assert health(staging) == (HealthState.HEALTHY, None)


def test_what_was_begun_meanwhile_is_not_written_over(reconciler: Reconciler, staging: Seed, world: World) -> None:
    def somebody_updates_it() -> list[str]:
        staging.queue(OperationKind.UPDATE_SERVICE, "web")
        return ["Deployment web was changed"]

    world.then("cluster.ailments", somebody_updates_it)

    reconciler.look(staging.environment_id)

    assert health(staging) == (HealthState.UNKNOWN, None)
    assert staging.environment().phase is EnvironmentPhase.UPDATING


def test_only_settled_environments_of_the_cluster_are_due_and_not_before_their_time(
    reconciler: Reconciler, staging: Seed, database: Database
) -> None:
    def due(cluster: str = "local") -> list[str]:
        with database.reading() as session:
            return due_looks(session, cluster)

    assert due() == [staging.environment_id]
    assert due("other") == []
    reconciler.look(staging.environment_id)
    assert due() == []
    assert not reconciler.look(staging.environment_id)

    with database.writing() as session:
        environment = lock_environment(session, staging.environment_id)
        assert environment is not None
        move(session, environment, EnvironmentPhase.UPDATING)
    assert due() == []
    with database.writing() as session:
        environment = lock_environment(session, staging.environment_id)
        assert environment is not None
        move(session, environment, EnvironmentPhase.ERROR)
    assert due() == [staging.environment_id]


def test_a_service_that_never_ran_is_unknown(reconciler: Reconciler, database: Database) -> None:
    other = seed(database, "web", name="other")

    reconciler.look(other.environment_id)

    assert health(other) == (HealthState.UNKNOWN, "It was never rolled out.")


def test_it_looks_soon_after_something_moved_and_a_silent_cluster_holds_up_its_own_only(
    database: Database, world: World, staging: Seed
) -> None:
    elsewhere = seed(database, "web", name="elsewhere")
    with database.writing() as session:
        row = session.get_one(Environment, elsewhere.environment_id)
        row.cluster = "silent"
        session.add(row)
        release: dict[str, Any] = {"image": "a", "configuration": CONFIGURATION, "succeeded": True}
        session.add(Release(service_id=elsewhere.service_ids["web"], revision=1, **release))
    silent, hanging, answers = World(), threading.Event(), threading.Event()
    looked = threading.Semaphore(0)

    def hang() -> list[str]:
        hanging.set()
        answers.wait(30)
        return []

    def answer() -> list[str]:
        looked.release()
        return []

    silent.always("cluster.ailments", hang)
    world.always("cluster.ailments", answer)
    one = Reconciler(database, "local", lambda cluster: world.ports(), SEALER, seconds=1000, pause=0.01)
    other = Reconciler(database, "silent", lambda cluster: silent.ports(), SEALER, seconds=1000, pause=0.01)
    other.start()
    other.changed(elsewhere.environment_id, None)
    try:
        assert hanging.wait(30)
        one.start()
        one.changed(staging.environment_id, staging.service_ids["web"])
        assert looked.acquire(timeout=30)
        one.changed(staging.environment_id, staging.service_ids["web"])
        assert looked.acquire(timeout=30)
    finally:
        answers.set()
        for reconciler in (one, other):
            reconciler.stop()
            reconciler.join(30)
    with database.reading() as session:
        assert len(session.exec(select(PhaseTransition)).all()) == 4
        assert session.exec(select(Service).where(Service.status != ServiceStatus.RUNNING)).all() == []
