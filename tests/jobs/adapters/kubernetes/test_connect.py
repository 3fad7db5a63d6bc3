"""How a cluster is reached: kubeconfigs and credentials, limits, refusals."""

import json
import stat
import sys
import threading
from pathlib import Path

import pytest

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.connect import connect
from jobs.adapters.kubernetes.limits import CallLimits, Limits
from jobs.errors import Transient
from tests.jobs.adapters.kubernetes.faults import refuse
from tests.jobs.adapters.kubernetes.kubeconfigs import kubeconfig
from tests.jobs.adapters.proxy import Answer, FaultProxy, Forward, Request

PODS = "/api/v1/pods"


def tokens(proxy: FaultProxy) -> list[str]:
    """The credentials of the requests seen, in order."""
    return [request.headers.get("authorization", "") for request in proxy.seen]


def test_a_context_by_its_name_or_the_current_one(proxy: FaultProxy, tmp_path: Path) -> None:
    path = kubeconfig(tmp_path / "config", proxy.url, context="staging")
    connect(path).items(PODS)
    connect(path, "staging").items(PODS)
    with pytest.raises(Transient, match="production"):
        connect(path, "production").items(PODS)
    assert proxy.count("GET pods") == 2


def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Transient, match="No configuration found"):
        connect(tmp_path / "missing").items(PODS)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(Transient, match="Service host/port is not set"):
        connect(None).items(PODS)


def test_a_plugin_gives_the_token_and_is_asked_again_after_a_refusal(proxy: FaultProxy, tmp_path: Path) -> None:
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
    api = connect(kubeconfig(tmp_path / "config", proxy.url, user))

    api.items(PODS)
    api.items(PODS)
    proxy.on("GET pods", refuse(401, "Unauthorized"))
    with pytest.raises(Transient, match="credentials"):
        api.items(PODS)
    api.items(PODS)

    assert tokens(proxy) == ["Bearer token-0"] * 3 + ["Bearer token-1"]


def test_a_token_file_that_was_rotated_is_read_again_after_a_refusal(proxy: FaultProxy, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("old")
    api = connect(kubeconfig(tmp_path / "config", proxy.url, {"tokenFile": str(token)}))
    api.items(PODS)
    token.write_text("new")
    proxy.on("GET pods", refuse(401, "Unauthorized"))
    with pytest.raises(Transient):
        api.items(PODS)
    api.items(PODS)
    assert tokens(proxy) == ["Bearer old", "Bearer old", "Bearer new"]


def test_nothing_is_asked_for_as_long_as_the_cluster_said(proxy: FaultProxy, proxied: Api) -> None:
    proxy.on("GET pods", refuse(429, "TooManyRequests", headers={"Retry-After": "30"}))
    with pytest.raises(Transient) as told:
        proxied.items(PODS)
    assert told.value.retry_after == 30
    with pytest.raises(Transient) as held:
        proxied.items("/api/v1/services")
    assert held.value.retry_after is not None
    assert 0 < held.value.retry_after <= 30
    assert [request.path.partition("?")[0] for request in proxy.seen] == [PODS]


def test_no_more_calls_at_once_than_allowed(proxy: FaultProxy, tmp_path: Path) -> None:
    limits = Limits(concurrent=2, per_second=10_000, burst=10_000)
    api = connect(kubeconfig(tmp_path / "config", proxy.url), limits=limits)
    lock, under_way, most = threading.Lock(), 0, 0

    def counted(request: Request, forward: Forward) -> Answer:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        answer = forward(request)
        with lock:
            under_way -= 1
        return answer

    proxy.on("GET pods", counted, times=40)
    threads = [threading.Thread(target=lambda: [api.items(PODS) for _ in range(5)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert proxy.count("GET pods") == 40
    assert most <= 2


def test_the_rate_is_kept() -> None:
    now, slept = 100.0, list[float]()
    limits = CallLimits(Limits(concurrent=1, per_second=4, burst=2), now=lambda: now, sleep=slept.append)
    for _ in range(3):
        with limits.turn():
            pass
    assert slept == [0.25]


def test_a_redirect_is_not_followed(proxy: FaultProxy, proxied: Api) -> None:
    moved = Answer(302, b"", headers={"Location": "http://127.0.0.1:1/elsewhere"})
    proxy.on("GET pods", lambda _request, _forward: moved)
    with pytest.raises(Exception, match="HTTP 302"):
        proxied.items(PODS)
    assert json.dumps(tokens(proxy)) == '["Bearer any"]'
