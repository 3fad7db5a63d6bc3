"""How a cluster is reached: kubeconfigs and credentials, limits, refusals."""

import stat
import sys
import threading
from pathlib import Path

import pytest

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.connect import connect
from jobs.adapters.kubernetes.limits import CallLimits, Limits
from jobs.errors import Permanent, Transient
from tests.jobs.adapters.kubernetes.faults import refuse
from tests.jobs.adapters.kubernetes.kubeconfigs import kubeconfig
from tests.jobs.adapters.proxy import Answer, FaultProxy, Forward, Request

PODS = "/api/v1/pods"


def no_pods(_request: Request, _forward: Forward) -> Answer:
    return Answer(200, b'{"kind": "PodList", "items": []}', "application/json")


@pytest.fixture
def server(proxy: FaultProxy) -> FaultProxy:
    """Takes any credentials, and has no pods."""
    proxy.on("GET pods", no_pods, times=1000)
    return proxy


def tokens(proxy: FaultProxy) -> list[str]:
    """The credentials of the requests seen, in order."""
    return [request.headers.get("authorization", "") for request in proxy.seen]


def test_a_context_by_its_name_or_the_current_one(server: FaultProxy, tmp_path: Path) -> None:
    path = kubeconfig(tmp_path / "config", server.url, context="staging")
    connect(path).items(PODS)
    connect(path, "staging").items(PODS)
    with pytest.raises(Transient, match="production"):
        connect(path, "production").items(PODS)
    assert server.count("GET pods") == 2


def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Transient, match="No configuration found"):
        connect(tmp_path / "missing").items(PODS)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(Transient, match="Service host/port is not set"):
        connect(None).items(PODS)


def test_a_plugin_gives_the_token_and_is_asked_again_after_a_refusal(server: FaultProxy, tmp_path: Path) -> None:
    plugin = tmp_path / "plugin"
    credential = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential"}
    plugin.write_text(
        f"#!{sys.executable}\n"
        "import json, pathlib\n"
        f"calls = pathlib.Path({str(tmp_path / 'calls')!r})\n"
        "number = len(calls.read_text()) if calls.exists() else 0\n"
        "calls.write_text('x' * (number + 1))\n"
        f"print(json.dumps({{**{credential!r}, 'status': {{'token': f'token-{{number}}'}}}}))\n"
    )
    plugin.chmod(stat.S_IRWXU)
    user = {"exec": {"command": str(plugin), "apiVersion": credential["apiVersion"], "interactiveMode": "Never"}}
    api = connect(kubeconfig(tmp_path / "config", server.url, user))

    api.items(PODS)
    api.items(PODS)
    server.first("GET pods", refuse(401, "Unauthorized"))
    with pytest.raises(Transient, match="credentials"):
        api.items(PODS)
    api.items(PODS)

    assert tokens(server) == ["Bearer token-0"] * 3 + ["Bearer token-1"]


def test_a_token_file_that_was_rotated_is_read_again_after_a_refusal(server: FaultProxy, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("old")
    api = connect(kubeconfig(tmp_path / "config", server.url, {"tokenFile": str(token)}))
    api.items(PODS)
    token.write_text("new")
    server.first("GET pods", refuse(401, "Unauthorized"))
    with pytest.raises(Transient):
        api.items(PODS)
    api.items(PODS)
    assert tokens(server) == ["Bearer old", "Bearer old", "Bearer new"]


def test_nothing_is_asked_for_as_long_as_the_cluster_said(server: FaultProxy, proxied: Api) -> None:
    server.first("GET pods", refuse(429, "TooManyRequests", headers={"Retry-After": "30"}))
    with pytest.raises(Transient) as told:
        proxied.items(PODS)
    assert told.value.retry_after == 30
    with pytest.raises(Transient) as held:
        proxied.items("/api/v1/services")
    assert held.value.retry_after is not None
    assert 0 < held.value.retry_after <= 30
    assert [request.path.partition("?")[0] for request in server.seen] == [PODS]


def test_no_more_calls_at_once_than_allowed(server: FaultProxy, tmp_path: Path) -> None:
    limits = Limits(concurrent=2, per_second=10_000, burst=10_000)
    api = connect(kubeconfig(tmp_path / "config", server.url), limits=limits)
    lock, under_way, go = threading.Condition(), 0, threading.Event()

    def held(request: Request, forward: Forward) -> Answer:
        nonlocal under_way
        with lock:
            under_way += 1
            lock.notify_all()
        assert go.wait(timeout=20)
        return no_pods(request, forward)

    server.first("GET pods", held, times=6)
    threads = [threading.Thread(target=api.items, args=(PODS,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    with lock:
        assert lock.wait_for(lambda: under_way == 2, timeout=20)
        assert not lock.wait_for(lambda: under_way > 2, timeout=0.2)
    go.set()
    for thread in threads:
        thread.join()
    assert under_way == 6


def test_the_rate_is_kept() -> None:
    now, slept = 100.0, list[float]()
    limits = CallLimits(Limits(concurrent=1, per_second=4, burst=2), now=lambda: now, sleep=slept.append)
    for _ in range(3):
        with limits.turn():
            pass
    assert slept == [0.25]


def test_a_redirect_is_not_followed(server: FaultProxy, proxied: Api) -> None:
    moved = Answer(302, b"", headers={"Location": "http://127.0.0.1:1/elsewhere"})
    server.first("GET pods", lambda _request, _forward: moved)
    with pytest.raises(Permanent, match="HTTP 302"):
        proxied.items(PODS)
    assert len(server.seen) == 1
