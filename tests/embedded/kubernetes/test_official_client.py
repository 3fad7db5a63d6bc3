"""The official Python client, typed and dynamic, as it comes."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client as typed
from kubernetes import config, dynamic, watch
from kubernetes.client.exceptions import ApiException

from embedded.kubernetes import RunningKubernetes
from tests.embedded.kubernetes.client import deployment


@pytest.fixture(scope="module")
def api(shared_server: RunningKubernetes) -> Generator[Any]:
    # the client has no types worth the name
    loaded: Any = config
    with loaded.new_client_from_config(str(shared_server.kubeconfig)) as api:
        yield api


def _answer(refused: Any) -> tuple[int, str]:
    return refused.status, refused.reason


def test_typed(api: Any, namespace: str) -> None:
    apps: Any = typed.AppsV1Api(api)
    core: Any = typed.CoreV1Api(api)
    made = apps.create_namespaced_deployment(namespace, deployment("web"))
    assert made.metadata.uid
    follow: Any = watch.Watch()
    events = follow.stream(apps.list_namespaced_deployment, namespace, timeout_seconds=20)
    for event in events:
        if event["object"].status.available_replicas == 2:
            follow.stop()
    pods = core.list_namespaced_pod(namespace, label_selector="app=web")
    assert [pod.status.phase for pod in pods.items] == ["Running", "Running"]
    log = core.read_namespaced_pod_log(pods.items[0].metadata.name, namespace)
    assert log.endswith("main is ready\n")
    scaled = apps.patch_namespaced_deployment_scale("web", namespace, {"spec": {"replicas": 1}})
    assert scaled.spec.replicas == 1
    patched = apps.patch_namespaced_deployment("web", namespace, {"metadata": {"labels": {"x": "1"}}})
    assert patched.metadata.labels == {"app": "web", "x": "1"}
    apps.delete_namespaced_deployment("web", namespace, propagation_policy="Foreground")
    with pytest.raises(ApiException) as refused:
        apps.read_namespaced_deployment("other", namespace)
    assert _answer(refused.value) == (404, "Not Found")


def test_typed_objects_round_trip(api: Any, namespace: str) -> None:
    core: Any = typed.CoreV1Api(api)
    body = typed.V1ConfigMap(metadata=typed.V1ObjectMeta(name="a"), data={"k": "v"})
    core.create_namespaced_config_map(namespace, body)
    read = core.read_namespaced_config_map("a", namespace)
    read.data["k"] = "w"
    replaced = core.replace_namespaced_config_map("a", namespace, read)
    assert replaced.data == {"k": "w"}
    read.data["k"] = "x"
    with pytest.raises(ApiException) as refused:
        core.replace_namespaced_config_map("a", namespace, read)
    assert _answer(refused.value) == (409, "Conflict")
    core.delete_namespaced_config_map("a", namespace)
    assert [one.metadata.name for one in core.list_namespaced_config_map(namespace, label_selector="x").items] == []


def test_dynamic(api: Any, namespace: str, tmp_path: Path) -> None:
    client: Any = dynamic.DynamicClient(api, cache_file=str(tmp_path / "discovery"))
    deployments = client.resources.get(api_version="apps/v1", kind="Deployment")
    applied = deployments.server_side_apply(body=deployment("web"), name="web", namespace=namespace, field_manager="m1")
    assert applied.spec.replicas == 2
    seen = [event["type"] for event in deployments.watch(namespace=namespace, name="web", timeout=1) if event["object"]]
    assert seen[0] == "ADDED"
    kinds = client.resources.search(api_version="v1")
    assert {"Pod", "ConfigMap", "Secret", "Service"} <= {kind.kind for kind in kinds}
    deployments.delete(name="web", namespace=namespace)
    assert deployments.get(namespace=namespace).items == []
