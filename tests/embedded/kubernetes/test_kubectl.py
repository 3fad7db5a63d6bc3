"""kubectl, where there is one."""

import shutil
import subprocess
from pathlib import Path

import pytest

from embedded.kubernetes import RunningKubernetes
from tests.embedded.kubernetes.client import Client

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl on this machine")

_MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "nginx:1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""


class Kubectl:
    def __init__(self, server: RunningKubernetes, namespace: str, home: Path) -> None:
        self._base = ["kubectl", "--kubeconfig", str(server.kubeconfig), "-n", namespace, "--cache-dir", str(home)]

    def run(self, *arguments: str, sent: str = "", fails: bool = False) -> str:
        done = subprocess.run(
            [*self._base, *arguments], input=sent, capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stderr if fails else done.stdout


@pytest.fixture
def kubectl(shared_server: RunningKubernetes, namespace: str, tmp_path: Path) -> Kubectl:
    return Kubectl(shared_server, namespace, tmp_path)


def test_applies_and_shows(kubectl: Kubectl, client: Client, core: str) -> None:
    assert kubectl.run("apply", "-f", "-", sent=_MANIFEST) == "deployment.apps/web created\nservice/web created\n"
    assert kubectl.run("apply", "-f", "-", sent=_MANIFEST) == "deployment.apps/web unchanged\nservice/web unchanged\n"
    assert "successfully rolled out" in kubectl.run("rollout", "status", "deployment/web", "--timeout=20s")
    shown = kubectl.run("get", "deployments").splitlines()
    assert shown[0].split() == ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"]
    assert shown[1].split()[:4] == ["web", "2/2", "2", "2"]
    assert "pod/web-" in kubectl.run("get", "all")
    assert "main is ready" in kubectl.run("logs", "deployment/web")
    assert "Scaled up replica set" in kubectl.run("describe", "deployment", "web")
    kubectl.run("set", "image", "deployment/web", "main=nginx:2")
    kubectl.run("rollout", "status", "deployment/web", "--timeout=20s")
    kubectl.run("rollout", "undo", "deployment/web")
    kubectl.run("rollout", "status", "deployment/web", "--timeout=20s")
    assert kubectl.run("get", "deployment", "web", "-o", "jsonpath={..image}") == "nginx:1"
    kubectl.run("delete", "deployment", "web", "--cascade=foreground")
    assert client.names(f"{core}/pods") == []


def test_applies_on_the_server_side(kubectl: Kubectl) -> None:
    applied = "deployment.apps/web serverside-applied\nservice/web serverside-applied\n"
    assert kubectl.run("apply", "--server-side", "-f", "-", sent=_MANIFEST) == applied
    changed = _MANIFEST.replace("replicas: 2", "replicas: 3")
    conflict = kubectl.run("apply", "--server-side", "--field-manager=other", "-f", "-", sent=changed, fails=True)
    assert 'conflict with "kubectl" using apps/v1: .spec.replicas' in conflict
    diff = kubectl.run("apply", "--server-side", "--dry-run=server", "-o", "yaml", "-f", "-", sent=changed)
    assert "replicas: 3" in diff
    assert kubectl.run("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}") == "2"


def test_validates_and_explains(kubectl: Kubectl) -> None:
    wrong = _MANIFEST.replace("replicas: 2", "replica: 2")
    assert 'unknown field "spec.replica"' in kubectl.run("create", "-f", "-", sent=wrong, fails=True)
    assert "rollingUpdate" in kubectl.run("explain", "deployment.spec.strategy")
    assert "deployments" in kubectl.run("api-resources")
    assert kubectl.run("auth", "can-i", "create", "pods") == "yes\n"


def test_creates_by_command(kubectl: Kubectl) -> None:
    kubectl.run("create", "deployment", "web", "--image=nginx:1", "--replicas=2", "--port=80")
    kubectl.run("rollout", "status", "deployment/web", "--timeout=20s")
    kubectl.run("create", "configmap", "settings", "--from-literal=a=b")
    assert kubectl.run("get", "configmap", "settings", "-o", "jsonpath={.data}") == '{"a":"b"}'
    kubectl.run("create", "secret", "generic", "hidden", "--from-literal=a=b")
    assert kubectl.run("get", "secret", "hidden", "-o", "jsonpath={.data}") == '{"a":"Yg=="}'
    kubectl.run("expose", "deployment", "web", "--port=80")
    kubectl.run("scale", "deployment", "web", "--replicas=1")
    kubectl.run("create", "job", "once", "--image=b:1")
    kubectl.run("wait", "--for=condition=complete", "job/once", "--timeout=20s")
    kubectl.run("create", "cronjob", "daily", "--image=b:1", "--schedule=0 3 * * *")
    kubectl.run("create", "namespace", "by-command", "--dry-run=server")
