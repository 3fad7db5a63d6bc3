"""StatefulSets and the volumes of their pods."""

from typing import Any

import pytest

from tests.embedded.kubernetes.client import Client, Object, template

_CLAIM: Object = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}


def _stateful_set(replicas: int = 2, image: str = "db:1", **spec: Any) -> Object:
    return {
        "metadata": {"name": "db"},
        "spec": {
            "serviceName": "db",
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "db"}},
            "template": template("db", image),
            "volumeClaimTemplates": [_CLAIM],
            **spec,
        },
    }


def _is_rolled_out(db: Object) -> bool:
    status, wanted = db.get("status", {}), db["spec"]["replicas"]
    return (
        status.get("observedGeneration") == db["metadata"]["generation"]
        and status.get("currentRevision") == status.get("updateRevision")
        and status.get("updatedReplicas", 0) == status.get("readyReplicas", 0) == status.get("replicas") == wanted
    )


def _is_staying(pod: Object) -> bool:
    return "deletionTimestamp" not in pod["metadata"]


def _image(image: str) -> Object:
    return {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": image}]}}}}


def test_pods_start_in_order_each_with_its_volume(client: Client, apps: str, core: str) -> None:
    version = client.get(f"{core}/pods")["metadata"]["resourceVersion"]
    client.post(f"{apps}/statefulsets", _stateful_set())
    client.until(f"{apps}/statefulsets/db", _is_rolled_out)
    with client.watch(f"{core}/pods", resourceVersion=version) as events:
        ready: set[str] = set()
        for event in events:
            pod = event["object"]
            if event["type"] == "ADDED" and pod["metadata"]["name"] == "db-1":
                assert ready == {"db-0"}
                break
            conditions = pod.get("status", {}).get("conditions", [])
            if any(one["type"] == "Ready" and one["status"] == "True" for one in conditions):
                ready.add(pod["metadata"]["name"])
    first = client.get(f"{core}/pods/db-0")
    assert first["spec"]["volumes"][0]["persistentVolumeClaim"] == {"claimName": "data-db-0"}
    assert (first["spec"]["hostname"], first["spec"]["subdomain"]) == ("db-0", "db")
    assert client.names(f"{core}/persistentvolumeclaims") == ["data-db-0", "data-db-1"]


def test_an_update_goes_from_the_last_to_the_first(client: Client, apps: str, core: str) -> None:
    client.post(f"{apps}/statefulsets", _stateful_set(3))
    path = f"{apps}/statefulsets/db"
    old = client.until(path, _is_rolled_out)["status"]["currentRevision"]
    version = client.get(f"{core}/pods")["metadata"]["resourceVersion"]
    client.patch(path, _image("db:2"), "application/strategic-merge-patch+json")
    new = client.until(path, _is_rolled_out)["status"]["currentRevision"]
    assert new != old
    with client.watch(f"{core}/pods", resourceVersion=version) as events:
        added: list[str] = []
        for event in events:
            if event["type"] == "ADDED":
                added.append(event["object"]["metadata"]["name"])
            if len(added) == 3:
                break
    assert added == ["db-2", "db-1", "db-0"]
    revisions = {pod["metadata"]["labels"]["controller-revision-hash"] for pod in client.get(f"{core}/pods")["items"]}
    assert revisions == {new}
    assert client.names(f"{apps}/controllerrevisions") == sorted([old, new])


def test_an_update_stops_at_its_partition(client: Client, apps: str, core: str) -> None:
    client.post(f"{apps}/statefulsets", _stateful_set(2))
    path = f"{apps}/statefulsets/db"
    client.until(path, _is_rolled_out)
    partition = {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}
    client.patch(path, {"spec": {"updateStrategy": partition, **_image("db:2")["spec"]}},
                 "application/strategic-merge-patch+json")  # fmt: skip
    updated = client.until(path, lambda db: db["status"].get("updatedReplicas") == 1)
    assert updated["status"]["currentRevision"] != updated["status"]["updateRevision"]
    client.delete(f"{core}/pods/db-0")
    client.until_all(f"{core}/pods", lambda pods: [_is_staying(pod) for pod in pods] == [True, True])
    images = {
        pod["metadata"]["name"]: pod["spec"]["containers"][0]["image"] for pod in client.get(f"{core}/pods")["items"]
    }
    assert images == {"db-0": "db:1", "db-1": "db:2"}


@pytest.mark.parametrize("policy", [{}, {"whenScaled": "Delete"}])
def test_scaled_down_from_the_last(client: Client, apps: str, core: str, policy: Object) -> None:
    parallel = _stateful_set(2, persistentVolumeClaimRetentionPolicy=policy, podManagementPolicy="Parallel")
    client.post(f"{apps}/statefulsets", parallel)
    path = f"{apps}/statefulsets/db"
    client.until(path, _is_rolled_out)
    client.patch(path, {"spec": {"replicas": 1}})
    client.until(path, _is_rolled_out)
    client.until_gone(f"{core}/pods/db-1")
    if policy:
        client.until_gone(f"{core}/persistentvolumeclaims/data-db-1")
    kept = ["data-db-0"] if policy else ["data-db-0", "data-db-1"]
    assert client.names(f"{core}/persistentvolumeclaims") == kept


def test_claims_stay_behind_unless_told_otherwise(client: Client, apps: str, core: str) -> None:
    client.post(f"{apps}/statefulsets", _stateful_set(1))
    client.until(f"{apps}/statefulsets/db", _is_rolled_out)
    client.delete(f"{apps}/statefulsets/db")
    client.until_gone(f"{core}/pods/db-0")
    assert client.names(f"{core}/persistentvolumeclaims") == ["data-db-0"]
    again = _stateful_set(1, persistentVolumeClaimRetentionPolicy={"whenDeleted": "Delete"})
    again["metadata"]["name"] = "own"
    client.post(f"{apps}/statefulsets", again)
    client.until(f"{apps}/statefulsets/own", _is_rolled_out)
    client.delete(f"{apps}/statefulsets/own")
    client.until_gone(f"{core}/persistentvolumeclaims/data-own-0")


def _volume_of(client: Client, claim_path: str) -> str:
    claim = client.until(claim_path, lambda claim: claim["status"]["phase"] == "Bound")
    return f"/api/v1/persistentvolumes/{claim['spec']['volumeName']}"


def test_a_claim_gets_a_volume_that_goes_with_it(client: Client, core: str) -> None:
    client.post(f"{core}/persistentvolumeclaims", {"metadata": {"name": "c"}, "spec": _CLAIM["spec"]})
    volume_path = _volume_of(client, f"{core}/persistentvolumeclaims/c")
    volume = client.get(volume_path)
    assert volume["spec"]["claimRef"]["name"] == "c"
    assert volume["spec"]["persistentVolumeReclaimPolicy"] == "Delete"
    client.delete(f"{core}/persistentvolumeclaims/c")
    client.until_gone(volume_path)


def test_a_retained_volume_stays_released(client: Client, core: str) -> None:
    spec = {**_CLAIM["spec"], "storageClassName": "retained"}
    client.post(f"{core}/persistentvolumeclaims", {"metadata": {"name": "c"}, "spec": spec})
    volume_path = _volume_of(client, f"{core}/persistentvolumeclaims/c")
    client.delete(f"{core}/persistentvolumeclaims/c")
    client.until(volume_path, lambda volume: volume["status"]["phase"] == "Released")
    client.delete(volume_path)
    client.until_gone(volume_path)


def test_a_claim_in_use_waits_for_its_pod(client: Client, core: str) -> None:
    client.post(f"{core}/persistentvolumeclaims", {"metadata": {"name": "c"}, "spec": _CLAIM["spec"]})
    volumes = [{"name": "v", "persistentVolumeClaim": {"claimName": "c"}}]
    spec = {"containers": [{"name": "c", "image": "b:1"}], "volumes": volumes}
    client.post(f"{core}/pods", {"metadata": {"name": "p"}, "spec": spec})
    held = client.delete(f"{core}/persistentvolumeclaims/c")
    assert held["metadata"]["finalizers"] == ["kubernetes.io/pvc-protection"]
    client.delete(f"{core}/pods/p", gracePeriodSeconds=0)
    client.until_gone(f"{core}/persistentvolumeclaims/c")


def test_a_claim_of_an_unknown_class_stays_pending(client: Client, core: str) -> None:
    spec = {**_CLAIM["spec"], "storageClassName": "nowhere"}
    client.post(f"{core}/persistentvolumeclaims", {"metadata": {"name": "c"}, "spec": spec})
    events = client.until_all(f"{core}/events", bool, fieldSelector="reason=ProvisioningFailed")
    assert events[0]["message"] == 'storageclass.storage.k8s.io "nowhere" not found'
    assert client.get(f"{core}/persistentvolumeclaims/c")["status"]["phase"] == "Pending"
