"""Deleting: preconditions, finalizers, dependents, many at once."""

import pytest

from tests.embedded.kubernetes.client import Client, Object, config_map, deployment


def _owned(name: str, *owners: Object, block: bool = True) -> Object:
    references = [
        {
            "apiVersion": owner["apiVersion"],
            "kind": owner["kind"],
            "name": owner["metadata"]["name"],
            "uid": owner["metadata"]["uid"],
            "blockOwnerDeletion": block,
        }
        for owner in owners
    ]
    return config_map(name, ownerReferences=references)


def test_a_delete_tells_what_it_deleted(client: Client, core: str, apps: str) -> None:
    made = client.post(f"{core}/configmaps", config_map("a"))
    status = client.delete(f"{core}/configmaps/a")
    assert (status["kind"], status["status"]) == ("Status", "Success")
    assert status["details"] == {"name": "a", "kind": "configmaps", "uid": made["metadata"]["uid"]}
    assert client.call("DELETE", f"{core}/configmaps/a").code == 404


def test_a_delete_of_another_object_or_state_is_refused(client: Client, core: str) -> None:
    made = client.post(f"{core}/configmaps", config_map("a"))["metadata"]
    path = f"{core}/configmaps/a"
    for wrong in ({"uid": "other"}, {"resourceVersion": "1"}):
        answer = client.call("DELETE", path, {"preconditions": wrong})
        assert (answer.code, answer.reason) == (409, "Conflict")
        assert "Precondition failed" in answer.message
    client.delete(path, {"preconditions": {"uid": made["uid"], "resourceVersion": made["resourceVersion"]}})
    assert client.call("GET", path).code == 404
    assert client.call("DELETE", path, {"propagationPolicy": "Other"}).code in (400, 404)


def test_a_finalizer_holds_an_object(client: Client, core: str) -> None:
    path = f"{core}/configmaps/a"
    client.post(f"{core}/configmaps", config_map("a", finalizers=["a.test/hold", "b.test/hold"]))
    held = client.delete(path)
    assert held["metadata"]["deletionTimestamp"]
    again = client.delete(path)
    assert again["metadata"]["deletionTimestamp"] == held["metadata"]["deletionTimestamp"]
    more = {"metadata": {"finalizers": ["a.test/hold", "b.test/hold", "c.test/new"]}}
    refused = client.call("PATCH", path, more, content="application/merge-patch+json")
    assert refused.causes == [("FieldValueForbidden", "metadata.finalizers")]
    client.patch(path, {"metadata": {"finalizers": ["b.test/hold"]}})
    assert client.get(path)["metadata"]["finalizers"] == ["b.test/hold"]
    client.patch(path, {"metadata": {"finalizers": None}})
    assert client.call("GET", path).code == 404


def test_in_the_background_dependents_go_after_their_owner(client: Client, apps: str, core: str) -> None:
    client.post(f"{apps}/deployments", deployment("web"))
    client.until_all(f"{core}/pods", lambda pods: len(pods) == 2, labelSelector="app=web")
    assert client.delete(f"{apps}/deployments/web")["status"] == "Success"
    client.until_all(f"{apps}/replicasets", lambda left: not left, labelSelector="app=web")
    client.until_all(f"{core}/pods", lambda left: not left, labelSelector="app=web")


def test_in_the_foreground_an_owner_goes_after_its_dependents(client: Client, apps: str, core: str) -> None:
    client.post(f"{apps}/deployments", deployment("web"))
    client.until_all(f"{core}/pods", lambda pods: len(pods) == 2, labelSelector="app=web")
    waiting = client.delete(f"{apps}/deployments/web", {"propagationPolicy": "Foreground"})
    assert waiting["metadata"]["finalizers"] == ["foregroundDeletion"]
    client.until_gone(f"{apps}/deployments/web")
    assert client.names(f"{core}/pods", labelSelector="app=web") == []
    assert client.names(f"{apps}/replicasets", labelSelector="app=web") == []


def test_in_the_foreground_only_those_that_block_are_awaited(client: Client, core: str) -> None:
    owner = client.post(f"{core}/configmaps", config_map("owner"))
    client.post(f"{core}/secrets", {**_owned("held", owner, block=False), "kind": "Secret", "data": {}})
    client.patch(f"{core}/secrets/held", {"metadata": {"finalizers": ["a.test/hold"]}})
    client.delete(f"{core}/configmaps/owner", {"propagationPolicy": "Foreground"})
    client.until_gone(f"{core}/configmaps/owner")
    assert client.get(f"{core}/secrets/held")["metadata"]["deletionTimestamp"]


def test_orphans_stay_and_are_adopted_by_who_selects_them(client: Client, apps: str, core: str) -> None:
    client.post(f"{apps}/deployments", deployment("web"))
    pods = client.until_all(f"{core}/pods", lambda pods: len(pods) == 2, labelSelector="app=web")
    client.delete(f"{apps}/deployments/web", {"propagationPolicy": "Orphan"})
    client.until_gone(f"{apps}/deployments/web")
    (orphan,) = client.get(f"{apps}/replicasets", labelSelector="app=web")["items"]
    assert "ownerReferences" not in orphan["metadata"]
    client.post(f"{apps}/deployments", deployment("web"))
    path = f"{apps}/replicasets/{orphan['metadata']['name']}"
    adopted = client.until(path, lambda one: "ownerReferences" in one["metadata"])
    assert adopted["metadata"]["uid"] == orphan["metadata"]["uid"]
    left = client.get(f"{core}/pods", labelSelector="app=web")["items"]
    assert {pod["metadata"]["uid"] for pod in left} == {pod["metadata"]["uid"] for pod in pods}


def test_what_has_another_owner_left_stays(client: Client, core: str) -> None:
    first = client.post(f"{core}/configmaps", config_map("first"))
    second = client.post(f"{core}/configmaps", config_map("second"))
    client.post(f"{core}/configmaps", _owned("both", first, second))
    client.delete(f"{core}/configmaps/first")
    path = f"{core}/configmaps/both"
    kept = client.until(path, lambda both: len(both["metadata"]["ownerReferences"]) == 1)
    assert kept["metadata"]["ownerReferences"][0]["name"] == "second"
    client.delete(f"{core}/configmaps/second")
    client.until_gone(path)


def test_what_names_an_owner_that_never_was_goes(client: Client, core: str) -> None:
    gone = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "no", "uid": "never"}}
    client.post(f"{core}/configmaps", _owned("lost", gone))
    client.until_gone(f"{core}/configmaps/lost")


def test_a_job_keeps_its_pods_unless_told_otherwise(client: Client, core: str, batch: str) -> None:
    """As in batch/v1, where the default propagation policy is to orphan."""
    spec = {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "b:1"}]}}}
    for name, options in (("kept", None), ("gone", {"propagationPolicy": "Background"})):
        client.post(f"{batch}/jobs", {"metadata": {"name": name}, "spec": spec})
        client.until_all(f"{core}/pods", lambda pods: len(pods) == 1, labelSelector=f"job-name={name}")
        client.call("DELETE", f"{batch}/jobs/{name}", options)
        client.until_gone(f"{batch}/jobs/{name}")
    client.until_all(f"{core}/pods", lambda pods: not pods, labelSelector="job-name=gone")
    (pod,) = client.get(f"{core}/pods", labelSelector="job-name=kept")["items"]
    assert "ownerReferences" not in pod["metadata"]


def test_many_at_once_by_label(client: Client, core: str) -> None:
    for name, labels in (("a", {"x": "1"}), ("b", {"x": "1"}), ("c", {"x": "2"})):
        client.post(f"{core}/secrets", {"metadata": {"name": name, "labels": labels}})
    deleted = client.delete(f"{core}/secrets", labelSelector="x=1")
    assert [one["metadata"]["name"] for one in deleted["items"]] == ["a", "b"]
    assert client.names(f"{core}/secrets") == ["c"]


def test_a_pod_takes_a_moment_to_end(client: Client, core: str) -> None:
    spec = {"containers": [{"name": "c", "image": "b:1"}]}
    client.post(f"{core}/pods", {"metadata": {"name": "p"}, "spec": spec})
    client.until(f"{core}/pods/p", lambda pod: pod["status"]["phase"] == "Running")
    ending = client.delete(f"{core}/pods/p")
    assert ending["metadata"]["deletionGracePeriodSeconds"] == 30
    assert client.get(f"{core}/pods/p")["metadata"]["deletionTimestamp"]
    client.until_gone(f"{core}/pods/p")


@pytest.mark.parametrize("grace", [0, 1])
def test_a_pod_ends_at_once_when_forced(client: Client, core: str, grace: int) -> None:
    spec = {"containers": [{"name": "c", "image": "b:1"}]}
    client.post(f"{core}/pods", {"metadata": {"name": "p"}, "spec": spec})
    client.until(f"{core}/pods/p", lambda pod: pod["status"]["phase"] == "Running")
    ended = client.delete(f"{core}/pods/p", gracePeriodSeconds=grace)
    assert ended["metadata"]["deletionGracePeriodSeconds"] == grace
    if grace:
        client.until_gone(f"{core}/pods/p")
    assert client.call("GET", f"{core}/pods/p").code == 404
