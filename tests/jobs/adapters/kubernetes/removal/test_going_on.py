"""A destroy that meets a trap fails and names what blocks it; when that is gone, it goes on and ends in DESTROYED."""

import itertools
import time
import uuid
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from jobs.adapters.kubernetes.api import MERGE, Api
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.connect import connect
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, NAMESPACE, PERSISTENT_VOLUME, SERVICE
from jobs.adapters.kubernetes.manifests import BuildSettings
from jobs.errors import Permanent
from jobs.leases import LeaseKeeper
from jobs.ports import Ports
from jobs.references import environment_ref, service_ref
from jobs.retries import RetryPolicy
from jobs.runner import Runner
from models.database import Database, open_database
from models.environment import Environment
from models.migrate import upgrade
from models.mutations.destroy_environment import destroy_environment
from models.operation import Operation
from models.operations.lease import wake
from models.project import Project
from models.sealing import Sealer, generate_key
from models.vocabulary import OperationKind, OperationStatus
from tests.jobs.adapters.kubernetes.kubeconfigs import kubeconfig
from tests.jobs.adapters.kubernetes.places import BUILDS, FENCE, HOLD, Place, config
from tests.jobs.adapters.kubernetes.removal.traps import broken_group, failing_webhook
from tests.jobs.scripted import SilentQueue, World
from tests.jobs.seeds import Seed, request, seed

SEALER = Sealer(generate_key())
#: How long a step waits for what does not move, in seconds: first for what never will, then for what does.
SHORT, LONG = 2.0, 60.0


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/phaseline.db")
    upgrade(database)
    yield database
    database.close()


@dataclass(frozen=True)
class Doomed:
    """An environment with one service, that a worker deploys and destroys."""

    seed: Seed
    world: World
    api: Api

    @property
    def place(self) -> Place:
        with self.seed.database.reading() as session:
            environment = session.get_one(Environment, self.seed.environment_id)
            project = session.get_one(Project, environment.project_id)
        reference = environment_ref(environment, project, "tests")
        service = self.seed.service("web")
        assert service is not None
        return Place(self.api, reference, service_ref(reference, service))

    def work(self, operation_id: str, patience: float, api: Api | None = None) -> Operation:
        """Carries the operation out until it ends."""
        cluster = KubernetesCluster(api or self.api, BuildSettings(namespace=BUILDS))
        ports: Ports = replace(self.world.ports(), cluster=cluster)
        leases = LeaseKeeper(self.seed.database, "one", seconds=60, beat=1000)
        retries = RetryPolicy(3, 0.01, 0.01, patience)
        runner = Runner(self.seed.database, SilentQueue(), leases, lambda cluster: ports, SEALER, retries)
        end = time.monotonic() + LONG
        while self.seed.operation(operation_id).unfinished:
            assert time.monotonic() < end, self.seed.steps(operation_id)
            with self.seed.database.writing() as session:
                wake(session, self.seed.environment_id)
            runner.run(operation_id)
            time.sleep(0.02)
        return self.seed.operation(operation_id)

    def destroy(self, *, abandon_cluster: bool = False) -> str:
        """The id of the operation: after a failure the one that failed."""
        with self.seed.database.writing() as session:
            environment = session.get_one(Environment, self.seed.environment_id)
            accepted = destroy_environment(
                session,
                request(),
                environment_id=environment.id,
                confirm_name=environment.name,
                abandon_cluster=abandon_cluster,
            )
            return accepted.operation.id


@pytest.fixture
def doomed(books: Database, direct: Api) -> Doomed:
    doomed = Doomed(seed(books, "web", name=f"e-{uuid.uuid4().hex[:10]}"), World(), direct)
    with books.writing() as session:
        environment = session.get_one(Environment, doomed.seed.environment_id)
        environment.last_operation_number = FENCE  # what a place makes is no newer than what is done here
        session.add(environment)
    deployed = doomed.work(doomed.seed.queue(OperationKind.UPDATE_SERVICE, "web"), LONG)
    assert deployed.status is OperationStatus.SUCCEEDED, deployed.failure
    return doomed


Trap = Callable[[Place], AbstractContextManager[None]]


@contextmanager
def finalizer(place: Place) -> Generator[None]:
    place.ours(CONFIG_MAP, "held", config(), finalizers=[HOLD])
    yield
    place.release(CONFIG_MAP, "held")


@contextmanager
def load_balancer(place: Place) -> Generator[None]:
    body = {"spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}
    place.ours(SERVICE, "public", body, finalizers=[HOLD])
    yield
    place.release(SERVICE, "public")


@contextmanager
def api_service(place: Place) -> Generator[None]:
    with broken_group(place):
        yield


@contextmanager
def webhook(place: Place) -> Generator[None]:
    place.ours(CONFIG_MAP, "held", config())
    with failing_webhook(place):
        yield


@contextmanager
def deleted_by_hand(place: Place) -> Generator[None]:
    place.ours(CONFIG_MAP, "held", config(), finalizers=[HOLD])
    place.api.call("DELETE", NAMESPACE.path(name=place.namespace))
    yield
    place.release(CONFIG_MAP, "held")


@contextmanager
def volume(place: Place) -> Generator[None]:
    """Its storage class says Retain, and its driver does not come to detach it."""
    place.volume("web.cache", on_delete="DELETE", reclaim="Retain")
    path = PERSISTENT_VOLUME.path(name=f"{place.namespace}-web.cache")
    place.api.call("PATCH", path, body={"metadata": {"finalizers": [HOLD]}}, content_type=MERGE)
    yield
    place.api.call("PATCH", path, body={"metadata": {"finalizers": None}}, content_type=MERGE)


TRAPS: dict[str, tuple[Trap, str, str, str]] = {
    "a finalizer whose controller is gone": (finalizer, "ConfigMap", "held", f"waits for finalizer {HOLD}"),
    "a load balancer whose cleanup waits": (load_balancer, "Service", "public", f"waits for finalizer {HOLD}"),
    "an API service that is down": (api_service, "APIService", "broken.example.com/v1", "does not answer"),
    "a webhook that is down": (webhook, "ConfigMap", "held", "is not deleted yet"),
    "a namespace deleted by hand": (deleted_by_hand, "ConfigMap", "held", f"waits for finalizer {HOLD}"),
    "a volume that stays Released": (volume, "PersistentVolume", "web.cache", "is Released with reclaim policy Retain"),
}


@pytest.mark.parametrize("name", TRAPS)
def test_it_names_what_blocks_and_goes_on_when_that_is_gone(doomed: Doomed, name: str) -> None:
    trap, kind, blocker, reason = TRAPS[name]
    place = doomed.place

    with trap(place):
        failed = doomed.work(doomed.destroy(), SHORT)
        assert failed.status is OperationStatus.FAILED
        assert failed.failure is not None
        blockers = failed.failure.blockers
        named = {(one.kind, one.name.removeprefix(f"{place.namespace}-")): one.reason for one in blockers}
        assert reason in named[kind, blocker]
        assert name != "a webhook that is down" or any("failed calling webhook" in one.reason for one in blockers)
        assert doomed.seed.phases()[-1] == "DESTROY_FAILED"
        assert doomed.world.count("dns.withdraw") == doomed.world.count("secrets.remove") == 1

    again = doomed.destroy()
    assert again == failed.id
    ended = doomed.work(again, LONG)

    assert ended.status is OperationStatus.SUCCEEDED, ended.failure
    assert doomed.seed.phases()[-2:] == ["DESTROYING", "DESTROYED"]
    assert place.api.find(NAMESPACE.path(name=place.namespace)) is None
    assert doomed.world.count("dns.withdraw") == 1  # what was done is not done again
    left = KubernetesCluster(doomed.api, BuildSettings(namespace=BUILDS)).inventory(place.environment)
    assert (left.removals, left.keeps) == ([], [])


def test_what_is_made_while_the_namespace_terminates_goes_with_it_or_is_refused(doomed: Doomed) -> None:
    place = doomed.place
    with ThreadPoolExecutor(1) as controller:
        made = controller.submit(make_until_refused, place)
        ended = doomed.work(doomed.destroy(), LONG)

        assert ended.status is OperationStatus.SUCCEEDED, ended.failure
        assert made.result(LONG) > 0
    assert doomed.seed.phases()[-1] == "DESTROYED"
    assert place.api.find(NAMESPACE.path(name=place.namespace)) is None


def make_until_refused(place: Place) -> int:
    """As a controller that does not know that its namespace goes. Returns how many it could make."""
    for number in itertools.count():
        try:
            place.ours(CONFIG_MAP, f"made-{number}", config())
        except Permanent:
            return number
    raise AssertionError("it makes on and on")


def test_a_namespace_that_is_gone_already_keeps_nothing_back(doomed: Doomed) -> None:
    place = doomed.place
    place.api.call("DELETE", NAMESPACE.path(name=place.namespace))

    ended = doomed.work(doomed.destroy(), LONG)

    assert ended.status is OperationStatus.SUCCEEDED, ended.failure
    assert doomed.seed.phases()[-1] == "DESTROYED"


def test_a_cluster_that_is_gone_for_good_is_given_up_only_when_told(doomed: Doomed, tmp_path: Path) -> None:
    place = doomed.place
    gone = connect(kubeconfig(tmp_path / "gone", "http://127.0.0.1:1", {"token": "t"}))

    failed = doomed.work(doomed.destroy(), SHORT, gone)
    assert failed.status is OperationStatus.FAILED
    assert failed.failure is not None
    assert "The cluster did not answer" in failed.failure.message
    assert doomed.world.count("dns.withdraw") == 0

    still = doomed.work(doomed.destroy(), SHORT, gone)
    assert still.status is OperationStatus.FAILED

    ended = doomed.work(doomed.destroy(abandon_cluster=True), SHORT, gone)
    assert ended.status is OperationStatus.SUCCEEDED
    assert doomed.seed.phases()[-1] == "DESTROYED"
    assert doomed.world.count("dns.withdraw") == doomed.world.count("secrets.remove") == 1
    left = doomed.seed.steps(ended.id)["namespace"].blockers
    assert [(one.kind, one.name, one.reason) for one in left] == [
        ("Namespace", place.namespace, "its cluster was given up")
    ]
    assert place.api.find(NAMESPACE.path(name=place.namespace)) is not None
