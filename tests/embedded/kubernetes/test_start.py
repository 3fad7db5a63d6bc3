"""Starting, stopping, and being killed."""

import os
import signal
from pathlib import Path

from embedded import kubernetes
from tests.embedded.kubernetes.client import Client, config_map, deployment

_NAMESPACES = "/api/v1/namespaces"


def test_state_and_address_survive_kill_9(tmp_path: Path) -> None:
    first = kubernetes.start(tmp_path)
    client = Client(first)
    client.post(_NAMESPACES, {"metadata": {"name": "kept"}})
    kept = client.post(f"{_NAMESPACES}/kept/configmaps", config_map("kept", {"k": "v"}))
    client.post(f"{_NAMESPACES}/kept/configmaps", config_map("gone"))
    client.delete(f"{_NAMESPACES}/kept/configmaps/gone")
    newest = int(client.get(f"{_NAMESPACES}/kept/configmaps")["metadata"]["resourceVersion"])
    kubeconfig = first.kubeconfig.read_text()
    os.killpg(first.process.pid, signal.SIGKILL)
    first.stop()
    client.close()

    second = kubernetes.start(tmp_path)
    client = Client(second)
    try:
        assert (second.url, second.token) == (first.url, first.token)
        assert second.kubeconfig.read_text() == kubeconfig
        assert client.get(f"{_NAMESPACES}/kept/configmaps/kept") == kept
        assert "gone" not in client.names(f"{_NAMESPACES}/kept/configmaps")
        # versions go on: none is given twice
        again = client.post(f"{_NAMESPACES}/kept/configmaps", config_map("gone"))
        assert int(again["metadata"]["resourceVersion"]) > newest
    finally:
        second.stop()
        client.close()


def test_controllers_go_on_where_a_kill_cut_them_off(tmp_path: Path) -> None:
    first = kubernetes.start(tmp_path)
    client = Client(first)
    client.post(_NAMESPACES, {"metadata": {"name": "cut"}})
    client.post("/apis/apps/v1/namespaces/cut/deployments", deployment("web"))
    os.killpg(first.process.pid, signal.SIGKILL)
    first.stop()
    client.close()

    second = kubernetes.start(tmp_path)
    client = Client(second)
    try:
        path = "/apis/apps/v1/namespaces/cut/deployments/web"
        client.until(path, lambda web: web.get("status", {}).get("availableReplicas") == 2)
        assert len(client.names(f"{_NAMESPACES}/cut/pods")) == 2
    finally:
        second.stop()
        client.close()


def test_keeps_credentials_private(tmp_path: Path) -> None:
    server = kubernetes.start(tmp_path / "with space")
    server.stop()
    secret = ("kubeconfig", "admin.token", "tokens.key", "server.key", "objects.db")
    assert {(tmp_path / "with space" / name).stat().st_mode & 0o777 for name in secret} == {0o600}


def test_takes_another_port_when_its_own_is_in_use(tmp_path: Path) -> None:
    first = kubernetes.start(tmp_path / "one")
    try:
        (tmp_path / "two").mkdir()
        (tmp_path / "two" / "kubernetes.port").write_text((tmp_path / "one" / "kubernetes.port").read_text())
        second = kubernetes.start(tmp_path / "two")
        second.stop()
        assert second.url != first.url
        assert second.url in second.kubeconfig.read_text()
    finally:
        first.stop()
