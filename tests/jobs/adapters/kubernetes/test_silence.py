"""A cluster that does not answer holds one thread at a time."""

import threading
from pathlib import Path

import pytest

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.connect import connect
from jobs.adapters.kubernetes.limits import Limits
from jobs.errors import Transient, Unreachable
from tests.jobs.adapters.kubernetes.kubeconfigs import kubeconfig
from tests.jobs.adapters.proxy import Answer, FaultProxy, Forward, Request, reset

PODS = "/api/v1/pods"


def no_pods(_request: Request, _forward: Forward) -> Answer:
    return Answer(200, b'{"kind": "PodList", "items": []}', "application/json")


@pytest.fixture
def impatient(proxy: FaultProxy, tmp_path: Path) -> Api:
    proxy.on("GET pods", no_pods, times=1000)
    return connect(kubeconfig(tmp_path / "config", proxy.url), limits=Limits(per_second=10_000, seconds=1.5))


def find_no_answer(api: Api) -> None:
    with pytest.raises(Unreachable):
        api.items(PODS)


class BlackHole:
    """Takes requests and answers none until it is filled up."""

    def __init__(self) -> None:
        self.came = threading.Semaphore(0)
        self._full = threading.Event()

    def __call__(self, _request: Request, _forward: Forward) -> Answer | None:
        self.came.release()
        self._full.wait(30)
        return None

    def fill_up(self) -> None:
        self._full.set()


def test_while_one_call_finds_out_the_others_are_refused_at_once(impatient: Api, proxy: FaultProxy) -> None:
    hole = BlackHole()
    proxy.first("GET pods", hole, times=2)
    with pytest.raises(Unreachable, match="Read timed out"):
        impatient.items(PODS)
    assert hole.came.acquire(timeout=20)
    patient = threading.Thread(target=find_no_answer, args=(impatient,))
    patient.start()
    assert hole.came.acquire(timeout=20)

    with pytest.raises(Unreachable, match="does not answer") as refused:
        impatient.items(PODS)

    assert refused.value.retry_after == 10
    assert proxy.count("GET pods") == 2
    patient.join()
    assert impatient.items(PODS) == []
    hole.fill_up()
    assert impatient.items(PODS) == []


def test_a_reset_is_no_silence(impatient: Api, proxy: FaultProxy) -> None:
    proxy.first("GET pods", reset)
    with pytest.raises(Transient):
        impatient.items(PODS)

    assert impatient.items(PODS) == []


def test_one_slow_answer_among_others_is_no_silence(impatient: Api, proxy: FaultProxy) -> None:
    hole = BlackHole()
    proxy.first("GET pods", hole)
    slow = threading.Thread(target=find_no_answer, args=(impatient,))
    slow.start()
    assert hole.came.acquire(timeout=20)

    assert impatient.items(PODS) == []
    slow.join()

    threads = [threading.Thread(target=impatient.items, args=(PODS,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert proxy.count("GET pods") == 6
    hole.fill_up()
