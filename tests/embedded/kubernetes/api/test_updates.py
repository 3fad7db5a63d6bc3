"""PUT, the patches, what may not change, and the subresources."""

from typing import Any

import pytest

from tests.embedded.kubernetes.client import JSON_PATCH, MERGE, STRATEGIC, Client, config_map, deployment


def test_a_stale_put_is_refused(client: Client, core: str) -> None:
    old = client.post(f"{core}/configmaps", config_map("a"))
    new = client.call("PUT", f"{core}/configmaps/a", {**old, "data": {"a": "2"}})
    assert new.code == 200
    assert new.body["metadata"]["resourceVersion"] != old["metadata"]["resourceVersion"]
    stale = client.call("PUT", f"{core}/configmaps/a", {**old, "data": {"a": "3"}})
    assert (stale.code, stale.reason) == (409, "Conflict")
    assert "the object has been modified" in stale.message
    assert client.get(f"{core}/configmaps/a") == new.body


def test_a_put_of_another_object_of_that_name_is_refused(client: Client, core: str) -> None:
    old = client.post(f"{core}/configmaps", config_map("a"))
    other = {**old, "metadata": {**old["metadata"], "uid": "other", "resourceVersion": ""}}
    answer = client.call("PUT", f"{core}/configmaps/a", other)
    assert (answer.code, answer.reason) == (409, "Conflict")
    assert "Precondition failed: UID in precondition: other" in answer.message
    assert client.call("PUT", f"{core}/configmaps/b", old).code == 400


def test_a_put_replaces_everything_but_the_system_fields(client: Client, core: str) -> None:
    old = client.post(f"{core}/configmaps", config_map("a", labels={"x": "1"}))
    new = client.call("PUT", f"{core}/configmaps/a", config_map("a", {"b": "2"})).body
    assert new["data"] == {"b": "2"}
    assert "labels" not in new["metadata"]
    assert {key: new["metadata"][key] for key in ("uid", "creationTimestamp")} == {
        key: old["metadata"][key] for key in ("uid", "creationTimestamp")
    }


def test_merge_patch(client: Client, core: str) -> None:
    client.post(f"{core}/configmaps", config_map("a", labels={"x": "1"}))
    changed = client.patch(f"{core}/configmaps/a", {"data": {"a": None, "k": "v"}}, MERGE)
    assert changed["data"] == {"k": "v"}
    assert changed["metadata"]["labels"] == {"x": "1"}


def test_a_patch_with_a_version_or_uid_is_conditional(client: Client, core: str) -> None:
    old = client.post(f"{core}/configmaps", config_map("a"))
    client.patch(f"{core}/configmaps/a", {"data": {"a": "2"}})
    version = {"metadata": {"resourceVersion": old["metadata"]["resourceVersion"]}, "data": {"a": "3"}}
    assert client.call("PATCH", f"{core}/configmaps/a", version, content=MERGE).code == 409
    uid = {"metadata": {"uid": "other"}, "data": {"a": "3"}}
    answer = client.call("PATCH", f"{core}/configmaps/a", uid, content=MERGE)
    assert (answer.code, answer.causes) == (422, [("FieldValueInvalid", "metadata.uid")])
    assert client.get(f"{core}/configmaps/a")["data"] == {"a": "2"}


def test_json_patch(client: Client, core: str) -> None:
    client.post(f"{core}/configmaps", config_map("a"))
    operations = [
        {"op": "test", "path": "/data/a", "value": "1"},
        {"op": "add", "path": "/data/z~1y", "value": "q"},
        {"op": "remove", "path": "/data/a"},
    ]
    refused = client.call("PATCH", f"{core}/configmaps/a", operations, content=JSON_PATCH)
    assert refused.causes == [("FieldValueInvalid", "data[z/y]")]
    operations[1]["path"] = "/data/z"
    assert client.patch(f"{core}/configmaps/a", operations, JSON_PATCH)["data"] == {"z": "q"}
    failed = client.call("PATCH", f"{core}/configmaps/a", operations, content=JSON_PATCH)
    assert failed.code == 422
    assert client.get(f"{core}/configmaps/a")["data"] == {"z": "q"}


@pytest.mark.parametrize(
    "operations", [{"op": "add"}, [{"op": "nothing", "path": "/a"}], [1], [{"op": "add", "path": "a", "value": 1}]]
)
def test_a_malformed_json_patch_is_refused(client: Client, core: str, operations: Any) -> None:
    client.post(f"{core}/configmaps", config_map("a"))
    assert client.call("PATCH", f"{core}/configmaps/a", operations, content=JSON_PATCH).code in (400, 422)


def test_strategic_merge_patch_finds_items_by_their_key(client: Client, apps: str) -> None:
    client.post(f"{apps}/deployments", deployment("web", replicas=0))
    path = f"{apps}/deployments/web"

    def patch(containers: list[dict[str, Any]]) -> list[dict[str, Any]]:
        body = {"spec": {"template": {"spec": {"containers": containers}}}}
        return client.patch(path, body, STRATEGIC)["spec"]["template"]["spec"]["containers"]

    added = patch([{"name": "side", "image": "x:1"}])
    assert [one["name"] for one in added] == ["main", "side"]
    changed = patch([{"name": "side", "image": "x:2"}])
    assert [one["image"] for one in changed] == ["nginx:1", "x:2"]
    assert [one["name"] for one in patch([{"name": "side", "$patch": "delete"}])] == ["main"]
    finalizers = client.patch(path, {"metadata": {"finalizers": ["a.test/b"]}}, STRATEGIC)["metadata"]["finalizers"]
    assert finalizers == ["a.test/b"]
    directive = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a.test/b"]}}
    assert "finalizers" not in client.patch(path, directive, STRATEGIC)["metadata"]
    replaced = client.patch(path, {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}, STRATEGIC)
    assert replaced["spec"]["strategy"] == {"type": "Recreate"}


def test_a_patch_of_another_format_is_refused(client: Client, core: str) -> None:
    client.post(f"{core}/configmaps", config_map("a"))
    answer = client.call("PATCH", f"{core}/configmaps/a", {"data": {}}, content="application/json")
    assert answer.code == 415
    assert "application/merge-patch+json" in answer.message


def test_what_changes_nothing_writes_nothing(client: Client, core: str) -> None:
    old = client.post(f"{core}/configmaps", config_map("a"))
    assert client.patch(f"{core}/configmaps/a", {"data": {"a": "1"}}) == old
    assert client.call("PUT", f"{core}/configmaps/a", old).body == old


def test_a_generation_counts_changes_of_the_spec_only(client: Client, apps: str) -> None:
    path = f"{apps}/deployments/web"
    assert client.post(f"{apps}/deployments", deployment("web", replicas=0))["metadata"]["generation"] == 1
    assert client.patch(path, {"metadata": {"labels": {"x": "1"}}})["metadata"]["generation"] == 1
    assert client.patch(path, {"spec": {"minReadySeconds": 1}})["metadata"]["generation"] == 2


def test_defaults_are_filled_in(client: Client, apps: str, core: str) -> None:
    spec = client.post(f"{apps}/deployments", deployment("web", image="nginx", replicas=0))["spec"]
    assert spec["strategy"] == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
    assert (spec["revisionHistoryLimit"], spec["progressDeadlineSeconds"]) == (10, 600)
    assert spec["template"]["spec"]["containers"][0]["imagePullPolicy"] == "Always"
    assert spec["template"]["spec"]["terminationGracePeriodSeconds"] == 30
    secret = client.post(f"{core}/secrets", {"metadata": {"name": "s"}, "stringData": {"k": "v"}})
    assert (secret["type"], secret["data"]) == ("Opaque", {"k": "dg=="})


def test_the_status_is_written_through_its_subresource_only(client: Client, apps: str) -> None:
    path = f"{apps}/deployments/web"
    client.post(f"{apps}/deployments", {**deployment("web", replicas=0), "status": {"replicas": 99}})
    client.until(path, lambda web: web.get("status", {}).get("observedGeneration") == 1)
    assert client.patch(path, {"status": {"replicas": 99}})["status"].get("replicas") is None
    through = client.patch(f"{path}/status", {"status": {"collisionCount": 7}, "spec": {"replicas": 5}}, dryRun="All")
    assert through["status"]["collisionCount"] == 7
    assert through["spec"]["replicas"] == 0
    assert through["metadata"]["generation"] == 1


def test_scale(client: Client, apps: str) -> None:
    path = f"{apps}/deployments/web"
    client.post(f"{apps}/deployments", deployment("web", replicas=0))
    scale = client.patch(f"{path}/scale", {"spec": {"replicas": 1}}, fieldManager="scaler")
    assert (scale["kind"], scale["spec"]) == ("Scale", {"replicas": 1})
    assert client.get(path)["spec"]["replicas"] == 1
    assert client.get(f"{path}/scale")["status"]["selector"] == "app=web"
    managers = {(one["manager"], one.get("subresource")) for one in client.get(path)["metadata"]["managedFields"]}
    assert ("scaler", "scale") in managers
    stale = {"metadata": {"name": "web", "resourceVersion": "1"}, "spec": {"replicas": 2}}
    assert client.call("PUT", f"{path}/scale", stale).code == 409
