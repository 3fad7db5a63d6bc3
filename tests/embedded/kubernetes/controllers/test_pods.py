"""Pods: how they live, and the failures that anybody can cause."""

from typing import Any

import pytest

from tests.embedded.kubernetes.client import Client, Object, deployment


def _pod(client: Client, core: str, **spec: Any) -> str:
    own = {"name": "p", "annotations": spec.pop("annotations", {})}
    containers = [{"name": "main", "image": "app:1"}]
    client.post(f"{core}/pods", {"metadata": own, "spec": {"containers": containers, **spec}})
    return f"{core}/pods/p"


def _containers(**fields: Any) -> list[Object]:
    return [{"name": "main", "image": "app:1", **fields}]


def _status(pod: Object, kind: str = "containerStatuses") -> Object:
    found = pod.get("status", {}).get(kind) or [Object(state=Object())]
    return found[0]


def _is_ready(pod: Object) -> bool:
    return bool(_status(pod).get("ready"))


def _is_running(pod: Object) -> bool:
    return "running" in _status(pod)["state"]


def _waits_for(reason: str, kind: str = "containerStatuses") -> Any:
    def holds(pod: Object) -> bool:
        return _status(pod, kind)["state"].get("waiting", {}).get("reason") == reason

    return holds


def _events(client: Client, core: str, reason: str) -> list[str]:
    return [one["message"] for one in client.get(f"{core}/events", fieldSelector=f"reason={reason}")["items"]]


def test_becomes_ready_after_a_moment(client: Client, core: str) -> None:
    path = _pod(client, core)
    with client.watch(f"{core}/pods", fieldSelector="metadata.name=p") as events:
        phases: list[tuple[str, bool]] = []
        for event in events:
            status = event["object"].get("status", {})
            ready = any(one["type"] == "Ready" and one["status"] == "True" for one in status.get("conditions", []))
            phases.append((status.get("phase", ""), ready))
            if ready:
                break
    assert ("Pending", False) in phases
    assert ("Running", False) in phases
    assert phases[-1] == ("Running", True)
    assert client.get(path)["spec"]["nodeName"] in client.names("/api/v1/nodes")
    assert client.call("GET", f"{path}/log").body == "starting main (app:1)\nmain is ready\n"
    assert client.call("GET", f"{path}/log", tailLines=1).body == "main is ready\n"
    assert client.call("GET", f"{path}/log", container="other").code == 400
    assert client.call("GET", f"{path}/log", previous=True).code == 400


@pytest.mark.parametrize("image", ["registry.test/missing:1", "app:missing"])
def test_a_missing_image(client: Client, core: str, image: str) -> None:
    path = _pod(client, core, containers=_containers(image=image))
    client.until(path, _waits_for("ErrImagePull"))
    pod = client.until(path, _waits_for("ImagePullBackOff"))
    assert pod["status"]["phase"] == "Pending"
    assert _status(pod)["state"]["waiting"]["message"] == f'Back-off pulling image "{image}"'
    assert any(f'Failed to pull image "{image}"' in one for one in _events(client, core, "Failed"))
    assert "trying and failing to pull image" in client.call("GET", f"{path}/log").message


@pytest.mark.parametrize(
    "fields", [{"command": ["sh", "-c", "echo no; exit 1"]}, {"command": ["false"]}, {"args": ["run", "false"]}]
)
def test_a_crash_loop(client: Client, core: str, fields: Object) -> None:
    path = _pod(client, core, containers=_containers(**fields))
    pod = client.until(path, lambda pod: _status(pod).get("restartCount", 0) >= 2)
    assert pod["status"]["phase"] == "Running"
    assert _status(pod)["lastState"]["terminated"]["exitCode"] == 1
    client.until(path, _waits_for("CrashLoopBackOff"))
    assert not _status(client.get(path))["ready"]
    assert "ended with exit code 1" in client.call("GET", f"{path}/log", previous=True).body
    assert _events(client, core, "BackOff") == ["Back-off restarting failed container main in pod p"]


@pytest.mark.parametrize(
    ("mode", "holds"),
    [
        ("imagepull", _waits_for("ImagePullBackOff")),
        ("crash", _waits_for("CrashLoopBackOff")),
        ("notready", _is_running),
    ],
)
def test_an_annotation_asks_for_a_failure(client: Client, apps: str, core: str, mode: str, holds: Any) -> None:
    thing = deployment("web", replicas=1)
    thing["spec"]["template"]["metadata"]["annotations"] = {"simulate/pod": mode}
    client.post(f"{apps}/deployments", thing)
    client.until_all(f"{core}/pods", lambda pods: any(holds(pod) for pod in pods))
    web = client.until(f"{apps}/deployments/web", lambda web: "unavailableReplicas" in web.get("status", {}))
    assert "availableReplicas" not in web["status"]


def test_init_containers_run_first_and_in_order(client: Client, core: str) -> None:
    inits = [{"name": "one", "image": "i:1"}, {"name": "two", "image": "i:1"}]
    path = _pod(client, core, initContainers=inits)
    pod = client.until(path, _is_running)
    ends = [one["state"]["terminated"] for one in pod["status"]["initContainerStatuses"]]
    assert [one["exitCode"] for one in ends] == [0, 0]
    assert client.call("GET", f"{path}/log", container="one").body.endswith("one is done\n")


def test_a_failing_init_container_is_tried_again(client: Client, core: str) -> None:
    inits = [{"name": "one", "image": "i:1", "command": ["false"]}]
    path = _pod(client, core, initContainers=inits)
    pod = client.until(path, _waits_for("CrashLoopBackOff", "initContainerStatuses"))
    assert pod["status"]["phase"] == "Pending"
    assert _status(pod)["state"]["waiting"]["reason"] == "PodInitializing"


def test_waits_for_the_secret_that_it_needs(client: Client, core: str) -> None:
    reference = {"secretKeyRef": {"name": "s", "key": "k"}}
    path = _pod(client, core, containers=_containers(env=[{"name": "A", "valueFrom": reference}]))
    pod = client.until(path, _waits_for("CreateContainerConfigError"))
    assert _status(pod)["state"]["waiting"]["message"] == 'secret "s" not found'
    client.post(f"{core}/secrets", {"metadata": {"name": "s"}, "stringData": {"k": "v"}})
    client.until(path, _is_ready)


def test_a_pod_of_its_own_ends_and_stays(client: Client, core: str) -> None:
    path = _pod(client, core, restartPolicy="Never")
    pod = client.until(path, lambda pod: pod["status"]["phase"] == "Succeeded")
    assert _status(pod)["state"]["terminated"]["reason"] == "Completed"


def test_its_spec_never_changes_but_for_the_image(client: Client, core: str) -> None:
    path = _pod(client, core)
    client.until(path, _is_ready)
    client.patch(path, {"spec": {"containers": [{"name": "main", "image": "app:2"}]}},
                 "application/strategic-merge-patch+json")  # fmt: skip
    answer = client.call("PATCH", path, {"spec": {"hostname": "h"}}, content="application/merge-patch+json")
    assert answer.causes == [("FieldValueForbidden", "spec")]
