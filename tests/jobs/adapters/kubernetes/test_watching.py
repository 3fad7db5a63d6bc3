"""What a watch tells, and what it survives."""

import json
import queue
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import cast

import pytest

from jobs.adapters.kubernetes.api import Api, Lines
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, PERSISTENT_VOLUME, SERVICE, WATCHED
from jobs.adapters.kubernetes.labels import service_labels
from jobs.adapters.kubernetes.watching import KindWatch
from jobs.errors import Transient
from tests.jobs.adapters.kubernetes.faults import refuse
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import Answer, Fault, FaultProxy

ANYTHING = ("", None)


class Watched:
    """A watch that runs, and what it told."""

    def __init__(self, cluster: KubernetesCluster) -> None:
        self._told: queue.Queue[tuple[str, str | None]] = queue.Queue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=cluster.watch, args=(self._changed, self._stopped.is_set))
        self._thread.start()

    def _changed(self, environment_id: str, service_id: str | None) -> None:
        self._told.put((environment_id, service_id))

    def until(self, wanted: tuple[str, str | None], times: int = 1) -> None:
        """Returns when it has told this so often. What it told before is forgotten."""
        for _ in range(times):
            while self._told.get(timeout=20) != wanted:
                pass

    def forget(self) -> None:
        while not self._told.empty():
            self._told.get()

    def stop(self) -> bool:
        """Whether it ended."""
        self._stopped.set()
        self._thread.join(timeout=5)
        return not self._thread.is_alive()


@pytest.fixture
def watched(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> Iterator[Watched]:
    proxy.clear()
    watch = Watched(cluster)
    watch.until(ANYTHING, times=len(WATCHED))
    proxy.await_streams(len(WATCHED))
    yield watch
    assert watch.stop()


def touch(site: Site, note: str) -> None:
    """Moves an object of ours."""
    site.edit(SERVICE, {"metadata": {"annotations": {"note": note}}})


@pytest.fixture
def mine(site: Site) -> tuple[str, str | None]:
    """What is told of the service, which has an object."""
    labelled = service_labels(site.service)
    site.post(SERVICE, {"spec": {"selector": {"a": "b"}, "ports": [{"port": 80}]}}, labels=labelled)
    return site.service.environment.id, site.service.id


def test_tells_of_what_is_ours_and_of_nothing_else(watched: Watched, site: Site, mine: tuple[str, str | None]) -> None:
    watched.until(mine)
    site.post(CONFIG_MAP, {"data": {}}, "ours", labels=service_labels(site.service))  # not a kind that is watched
    site.post(SERVICE, {"spec": {"selector": {"a": "b"}, "ports": [{"port": 80}]}}, "theirs")
    touch(site, "1")
    watched.until(mine)
    site.delete(SERVICE)
    watched.until(mine)


def test_tells_when_a_volume_of_ours_is_gone(watched: Watched, site: Site) -> None:
    """It outlives its claim for as long as its driver takes, and a destroy waits for it."""
    name, service = f"{site.namespace}-data", site.service
    spec = {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/somewhere"}}
    site.post(PERSISTENT_VOLUME, {"spec": spec}, name, labels=service_labels(service))
    watched.until((service.environment.id, service.id))
    site.delete(PERSISTENT_VOLUME, name)
    watched.until((service.environment.id, service.id))


def test_goes_on_after_the_streams_break(
    watched: Watched, site: Site, proxy: FaultProxy, mine: tuple[str, str | None]
) -> None:
    watched.until(mine)
    for number in range(3):
        watched.forget()
        proxy.break_streams()
        watched.until(ANYTHING, times=len(WATCHED))
        proxy.await_streams(len(WATCHED))
        touch(site, str(number))
        watched.until(mine)


GONE = {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version"}
FAULTS: dict[str, Fault] = {
    "too old": refuse(410, "Expired", "too old resource version"),
    "expired": lambda _request, _forward: Answer(
        200, json.dumps({"type": "ERROR", "object": GONE}).encode() + b"\n", "application/json"
    ),
    "busy": refuse(429, "TooManyRequests"),
    "failing": refuse(500, "InternalError"),
    "forbidden": refuse(403, "Forbidden"),
    "empty": lambda _request, _forward: Answer(200, b"", "application/json"),
    "garbled": lambda _request, _forward: Answer(200, b'{"type": "ADDED", "obj\n', "application/json"),
    "reset": lambda _request, _forward: None,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("verb", ["WATCH", "GET"])
def test_survives(
    watched: Watched, site: Site, proxy: FaultProxy, mine: tuple[str, str | None], verb: str, fault: Fault
) -> None:
    watched.until(mine)
    watched.forget()
    proxy.on(f"{verb} services", fault, times=2)
    proxy.break_streams()
    watched.until(ANYTHING, times=len(WATCHED))
    proxy.await_streams(len(WATCHED))
    touch(site, "after")
    watched.until(mine)


class Silence:
    """A cluster whose streams break after `seconds` without a word, its clock, and how long was waited in between."""

    def __init__(self, seconds: float) -> None:
        self.waits: list[float] = []
        self._seconds = seconds
        self._clock = 0.0

    def now(self) -> float:
        return self._clock

    def call(self, *_: object, **__: object) -> JsonObject:
        return {"metadata": {"resourceVersion": "1"}}

    @contextmanager
    def lines(self, *_: object, **__: object) -> Generator[Lines]:
        self._clock += self._seconds
        raise Transient("The cluster did not answer.")
        yield

    def is_set(self) -> bool:
        return len(self.waits) == 8

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.mark.parametrize(("seconds", "longest"), [(90.0, 0.2), (1.0, 30.0)], ids=["quiet", "broken"])
def test_only_streams_that_break_early_are_waited_for_longer_and_longer(seconds: float, longest: float) -> None:
    silent = Silence(seconds)
    told: list[tuple[str, str | None]] = []

    def changed(environment_id: str, service_id: str | None) -> None:
        told.append((environment_id, service_id))

    KindWatch(cast("Api", silent), SERVICE, changed, cast("threading.Event", silent), now=silent.now).run()

    assert told == [ANYTHING] * 8
    assert longest / 4 < max(silent.waits) <= longest


def test_ends_while_the_cluster_does_not_answer(cluster: KubernetesCluster, proxy: FaultProxy) -> None:
    proxy.on("GET pods", refuse(503, "ServiceUnavailable"), times=1000)
    watch = Watched(cluster)
    watch.until(ANYTHING, times=len(WATCHED) - 1)
    assert watch.stop()
