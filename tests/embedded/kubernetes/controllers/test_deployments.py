"""Rollouts: what a Deployment says, and how many of its pods serve meanwhile."""

from typing import Any

from tests.embedded.kubernetes.client import Client, Object, deployment


def _condition(thing: Object, kind: str) -> Object:
    return next((one for one in thing.get("status", {}).get("conditions", []) if one["type"] == kind), Object())


def _is_rolled_out(web: Object) -> bool:
    status = web.get("status", {})
    return (
        status.get("observedGeneration") == web["metadata"]["generation"]
        and status.get("updatedReplicas") == status.get("replicas") == web["spec"]["replicas"]
        and status.get("availableReplicas") == web["spec"]["replicas"]
    )


def _image(pod: Object) -> str:
    return pod["spec"]["containers"][0]["image"]


def _change(image: str = "nginx:2", **metadata: Any) -> Object:
    template = {"metadata": metadata, "spec": {"containers": [{"name": "main", "image": image}]}}
    return {"spec": {"template": template}}


def test_becomes_available_by_a_replica_set(client: Client, apps: str, core: str) -> None:
    client.post(f"{apps}/deployments", deployment("web"))
    web = client.until(f"{apps}/deployments/web", _is_rolled_out)
    assert _condition(web, "Available")["reason"] == "MinimumReplicasAvailable"
    assert _condition(web, "Progressing")["reason"] == "NewReplicaSetAvailable"
    assert "unavailableReplicas" not in web["status"]
    (replica_set,) = client.get(f"{apps}/replicasets")["items"]
    pods = client.get(f"{core}/pods")["items"]
    assert [pod["metadata"]["ownerReferences"][0]["uid"] for pod in pods] == [replica_set["metadata"]["uid"]] * 2
    assert replica_set["metadata"]["ownerReferences"][0]["kind"] == "Deployment"
    assert web["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "1"
    for pod in pods:
        assert pod["status"]["podIP"]
        assert _condition(pod, "Ready")["status"] == "True"
        assert pod["status"]["containerStatuses"][0]["state"]["running"]


def test_a_rolling_update_keeps_enough_pods(client: Client, apps: str, core: str) -> None:
    client.post(f"{apps}/deployments", deployment("web", replicas=4))
    path = f"{apps}/deployments/web"
    client.until(path, _is_rolled_out)
    version = client.get(path)["metadata"]["resourceVersion"]
    client.patch(path, _change(), "application/strategic-merge-patch+json")
    seen: list[Object] = []
    with client.watch(f"{apps}/deployments", resourceVersion=version, fieldSelector="metadata.name=web") as events:
        for event in events:
            seen.append(event["object"]["status"])
            if _is_rolled_out(event["object"]):
                break
    assert min(status["availableReplicas"] for status in seen) >= 3
    assert max(status["replicas"] for status in seen) <= 5
    sets = client.get(f"{apps}/replicasets")["items"]
    assert sorted(one["spec"]["replicas"] for one in sets) == [0, 4]
    client.until_all(f"{core}/pods", lambda pods: [_image(pod) for pod in pods] == ["nginx:2"] * 4)


def test_a_failed_update_leaves_the_old_pods_serving(client: Client, apps: str, core: str) -> None:
    client.post(f"{apps}/deployments", deployment("web", replicas=3))
    path = f"{apps}/deployments/web"
    client.until(path, _is_rolled_out)
    client.patch(path, {"spec": {"progressDeadlineSeconds": 1, **_change("registry.test/web:missing")["spec"]}},
                 "application/strategic-merge-patch+json")  # fmt: skip
    late = client.until(path, lambda web: _condition(web, "Progressing")["status"] == "False")
    assert _condition(late, "Progressing")["reason"] == "ProgressDeadlineExceeded"
    assert late["status"]["availableReplicas"] == 3
    assert late["status"]["updatedReplicas"] == 1
    # back to the first template: its ReplicaSet is used again, and is the newest revision
    client.patch(path, _change("nginx:1"), "application/strategic-merge-patch+json")
    back = client.until(path, _is_rolled_out)
    assert _condition(back, "Progressing")["reason"] == "NewReplicaSetAvailable"
    assert back["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "3"
    client.until_all(f"{core}/pods", lambda pods: len(pods) == 3)
    assert len(client.names(f"{apps}/replicasets")) == 2


def test_recreate_ends_the_old_pods_first(client: Client, apps: str, core: str) -> None:
    thing = deployment("web")
    thing["spec"]["strategy"] = {"type": "Recreate"}
    client.post(f"{apps}/deployments", thing)
    path = f"{apps}/deployments/web"
    client.until(path, _is_rolled_out)
    version = client.get(f"{core}/pods")["metadata"]["resourceVersion"]
    client.patch(path, _change(), "application/strategic-merge-patch+json")
    client.until(path, _is_rolled_out)
    asked: list[tuple[str, str]] = []
    with client.watch(f"{core}/pods", resourceVersion=version) as events:
        for event in events:
            pod = event["object"]
            image = _image(pod)
            if event["type"] == "ADDED" or (event["type"] == "MODIFIED" and "deletionTimestamp" in pod["metadata"]):
                asked.append((image, event["type"]))
            if len(asked) == 4:
                break
    assert sorted(asked[:2]) == [("nginx:1", "MODIFIED")] * 2
    assert sorted(asked[2:]) == [("nginx:2", "ADDED")] * 2


def test_scaled_down_and_paused(client: Client, apps: str, core: str) -> None:
    client.post(f"{apps}/deployments", deployment("web", replicas=3))
    path = f"{apps}/deployments/web"
    client.until(path, _is_rolled_out)
    client.patch(path, {"spec": {"replicas": 1}})
    client.until_all(f"{core}/pods", lambda pods: len(pods) == 1)
    client.patch(path, {"spec": {"paused": True, **_change()["spec"]}}, "application/strategic-merge-patch+json")
    client.until(path, lambda web: web["status"]["observedGeneration"] == web["metadata"]["generation"])
    assert len(client.names(f"{apps}/replicasets")) == 1
    client.patch(path, {"spec": {"paused": False}})
    client.until(path, _is_rolled_out)
    assert len(client.names(f"{apps}/replicasets")) == 2


def test_history_is_limited(client: Client, apps: str) -> None:
    thing = deployment("web", replicas=0)
    thing["spec"]["revisionHistoryLimit"] = 1
    client.post(f"{apps}/deployments", thing)
    for number in range(4):
        client.patch(
            f"{apps}/deployments/web", _change(f"nginx:{number + 2}"), "application/strategic-merge-patch+json"
        )
        client.until(f"{apps}/deployments/web", _is_settled)
    client.until_all(f"{apps}/replicasets", lambda sets: len(sets) == 2 and _newest(sets) == "5")


def _is_settled(web: Object) -> bool:
    return web.get("status", {}).get("observedGeneration") == web["metadata"]["generation"]


def _newest(sets: list[Object]) -> str:
    return max(one["metadata"]["annotations"]["deployment.kubernetes.io/revision"] for one in sets)


def test_a_quota_shows_as_replica_failure(client: Client, apps: str, core: str) -> None:
    client.post(f"{core}/resourcequotas", {"metadata": {"name": "few"}, "spec": {"hard": {"pods": "1"}}})
    client.post(f"{apps}/deployments", deployment("web"))
    path = f"{apps}/deployments/web"
    web = client.until(path, lambda web: bool(_condition(web, "ReplicaFailure")))
    failure = _condition(web, "ReplicaFailure")
    assert (failure["status"], failure["reason"]) == ("True", "FailedCreate")
    assert "exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1" in failure["message"]
    version = web["metadata"]["resourceVersion"]
    with client.watch(f"{apps}/deployments", resourceVersion=version, timeoutSeconds=2) as changes:
        told = {_condition(change["object"], "ReplicaFailure")["message"] for change in changes}
    assert told <= {failure["message"]}, "each try would be a change that leads to the next try"
    events = client.get(f"{core}/events", fieldSelector="reason=FailedCreate")["items"]
    assert events[0]["type"] == "Warning"
    assert events[0]["involvedObject"]["kind"] == "ReplicaSet"
    assert "exceeded quota" in events[0]["message"]
    quota = client.until(f"{core}/resourcequotas/few", lambda quota: quota["status"]["used"]["pods"] == "1")
    assert quota["status"]["hard"] == {"pods": "1"}
    client.patch(f"{core}/resourcequotas/few", {"spec": {"hard": {"pods": "2"}}})
    rolled_out = client.until(path, _is_rolled_out)
    assert not _condition(rolled_out, "ReplicaFailure")


def test_pods_count_as_available_after_min_ready_seconds(client: Client, apps: str) -> None:
    thing = deployment("web", replicas=1)
    thing["spec"]["minReadySeconds"] = 1
    client.post(f"{apps}/deployments", thing)
    path = f"{apps}/deployments/web"
    ready = client.until(path, lambda web: web.get("status", {}).get("readyReplicas") == 1)
    assert "availableReplicas" not in ready["status"]
    client.until(path, _is_rolled_out)
