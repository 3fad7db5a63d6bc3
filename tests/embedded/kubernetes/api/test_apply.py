"""Server-side apply, as clients see it."""

from typing import Any

from tests.embedded.kubernetes.client import Client, config_map, deployment


def _fields(thing: dict[str, Any], manager: str) -> dict[str, Any]:
    return next(one["fieldsV1"] for one in thing["metadata"]["managedFields"] if one["manager"] == manager)


def test_the_first_apply_creates_and_the_same_again_changes_nothing(client: Client, core: str) -> None:
    path = f"{core}/configmaps/a"
    first = client.apply(path, config_map("a", {"a": "1", "b": "2"}))
    assert first.code == 201
    entry = first.body["metadata"]["managedFields"][0]
    assert (entry["manager"], entry["operation"], entry["fieldsType"]) == ("m1", "Apply", "FieldsV1")
    assert entry["fieldsV1"] == {"f:data": {"f:a": {}, "f:b": {}}}
    second = client.apply(path, config_map("a", {"a": "1", "b": "2"}))
    assert second.code == 200
    assert second.body == first.body


def test_a_manager_is_shown_with_the_time_of_its_latest_change(client: Client, core: str) -> None:
    path = f"{core}/configmaps/a"

    def written(value: int) -> str:
        return client.apply(path, config_map("a", {"a": str(value)})).body["metadata"]["managedFields"][0]["time"]

    first, value = written(0), 1
    while (latest := written(value)) == first:  # until the next second has begun
        value += 1
    assert latest > first
    client.patch(path, {"data": {"b": "1"}}, fieldManager="hand")
    [hand, ours] = sorted(client.get(path)["metadata"]["managedFields"], key=lambda entry: entry["manager"])
    assert (hand["manager"], ours["time"]) == ("hand", latest)


def test_a_field_that_is_dropped_goes(client: Client, core: str) -> None:
    path = f"{core}/configmaps/a"
    client.apply(path, config_map("a", {"a": "1", "b": "2"}, labels={"x": "1"}))
    after = client.apply(path, config_map("a", {"a": "1"})).body
    assert after["data"] == {"a": "1"}
    assert "labels" not in after["metadata"]


def test_a_field_that_somebody_else_wants_too_stays(client: Client, core: str) -> None:
    path = f"{core}/configmaps/a"
    client.apply(path, config_map("a", {"a": "1", "b": "2"}))
    client.apply(path, config_map("a", {"b": "2"}), "m2")
    after = client.apply(path, config_map("a", {"a": "1"})).body
    assert after["data"] == {"a": "1", "b": "2"}


def test_a_field_of_somebody_else_is_a_conflict(client: Client, core: str) -> None:
    path = f"{core}/configmaps/a"
    client.apply(path, config_map("a", {"a": "1", "b": "1"}))
    refused = client.apply(path, config_map("a", {"a": "9"}), "m2")
    assert (refused.code, refused.reason) == (409, "Conflict")
    assert refused.causes == [("FieldManagerConflict", ".data.a")]
    assert refused.message == 'Apply failed with 1 conflict: conflict with "m1" using v1: .data.a'
    both = client.apply(path, config_map("a", {"a": "9", "b": "9"}), "m2")
    assert both.message == 'Apply failed with 2 conflicts: conflicts with "m1" using v1:\n- .data.a\n- .data.b'
    assert client.get(path)["data"] == {"a": "1", "b": "1"}
    forced = client.apply(path, config_map("a", {"a": "9"}), "m2", force=True).body
    assert forced["data"] == {"a": "9", "b": "1"}
    assert _fields(forced, "m1") == {"f:data": {"f:b": {}}}
    # who lost a field may drop it without taking it away
    assert client.apply(path, config_map("a", {"b": "1"})).body["data"] == {"a": "9", "b": "1"}


def test_an_update_takes_the_fields_that_it_changes(client: Client, core: str) -> None:
    path = f"{core}/configmaps/a"
    client.apply(path, config_map("a", {"a": "1", "b": "1"}))
    changed = client.patch(path, {"data": {"a": "2", "c": "3"}}, fieldManager="hand")
    assert _fields(changed, "m1") == {"f:data": {"f:b": {}}}
    assert _fields(changed, "hand")["f:data"] == {"f:a": {}, "f:c": {}}
    refused = client.apply(path, config_map("a", {"a": "1", "b": "1"}))
    assert refused.causes == [("FieldManagerConflict", ".data.a")]
    assert 'conflict with "hand" using v1 at ' in refused.message


def test_owners_by_apply_come_before_those_by_update(client: Client, core: str) -> None:
    path = f"{core}/configmaps/a"
    client.post(f"{core}/configmaps", config_map("a", {"a": "1"}))
    after = client.apply(path, config_map("a", {"b": "1"}), "m2").body
    client.patch(path, {"data": {"c": "1"}}, fieldManager="another")

    assert [one["operation"] for one in after["metadata"]["managedFields"]] == ["Apply", "Update"]
    managers = [one["manager"] for one in client.get(path)["metadata"]["managedFields"]]
    assert managers[0] == "m2"
    assert set(managers[1:]) == {"tests", "another"}


def test_items_are_told_apart_by_their_keys(client: Client, apps: str) -> None:
    path = f"{apps}/deployments/web"

    def applied(manager: str, container: dict[str, Any]) -> dict[str, Any]:
        thing = deployment("web", replicas=0)
        if manager != "m1":
            thing["spec"] = {"template": {"spec": {}}}
        thing["spec"]["template"]["spec"]["containers"] = [{"name": "main", **container}]
        answer = client.apply(path, thing, manager)
        assert answer.code in (200, 201), answer
        return answer.body["spec"]["template"]["spec"]["containers"][0]

    a, b = {"name": "A", "value": "1"}, {"name": "B", "value": "2"}
    applied("m1", {"image": "nginx:1", "env": [a, b], "ports": [{"containerPort": 80}]})
    assert applied("m2", {"env": [{"name": "C", "value": "3"}]})["env"] == [a, b, {"name": "C", "value": "3"}]
    after = applied("m1", {"image": "nginx:1", "env": [{"name": "B", "value": "4"}]})
    assert after["env"] == [{"name": "B", "value": "4"}, {"name": "C", "value": "3"}]
    assert "ports" not in after


def test_a_list_without_keys_has_one_owner(client: Client, apps: str) -> None:
    path = f"{apps}/deployments/web"
    thing = deployment("web", replicas=0)
    thing["spec"]["template"]["spec"]["containers"][0]["args"] = ["a", "b"]
    client.apply(path, thing)
    thing["spec"]["template"]["spec"]["containers"][0]["args"] = ["b"]
    assert client.apply(path, thing).body["spec"]["template"]["spec"]["containers"][0]["args"] == ["b"]
    thing["spec"]["template"]["spec"]["containers"][0]["args"] = ["c"]
    refused = client.apply(path, thing, "m2")
    assert refused.causes == [("FieldManagerConflict", '.spec.template.spec.containers[name="main"].args')]


def test_a_dropped_part_falls_back_to_its_defaults(client: Client, apps: str) -> None:
    path = f"{apps}/deployments/web"
    thing = deployment("web", replicas=0)
    thing["spec"] |= {"strategy": {"type": "Recreate"}, "minReadySeconds": 5}
    client.apply(path, thing)
    after = client.apply(path, deployment("web", replicas=0)).body["spec"]
    assert after["strategy"]["type"] == "RollingUpdate"
    assert "minReadySeconds" not in after


def test_replicas_of_an_autoscaler_stay_when_they_are_left_out(client: Client, apps: str) -> None:
    path = f"{apps}/deployments/web"
    client.apply(path, deployment("web", replicas=0))
    client.patch(f"{path}/scale", {"spec": {"replicas": 1}}, fieldManager="scaler")
    refused = client.apply(path, deployment("web", replicas=0))
    assert refused.causes == [("FieldManagerConflict", ".spec.replicas")]
    assert 'conflict with "scaler" with subresource "scale" using apps/v1' in refused.message
    without = deployment("web")
    del without["spec"]["replicas"]
    assert client.apply(path, without).body["spec"]["replicas"] == 1


def test_a_precondition_holds_an_apply_up(client: Client, core: str) -> None:
    path = f"{core}/configmaps/a"
    old = client.apply(path, config_map("a")).body["metadata"]
    client.patch(path, {"data": {"z": "1"}})
    stale = client.apply(path, config_map("a", {"a": "2"}, resourceVersion=old["resourceVersion"]))
    assert (stale.code, stale.reason) == (409, "Conflict")
    other = client.apply(path, config_map("a", {"a": "2"}, uid="other"))
    assert (other.code, other.causes) == (422, [("FieldValueInvalid", "metadata.uid")])
    gone = client.apply(f"{core}/configmaps/b", config_map("b", uid="other"))
    assert gone.code == 409
    assert client.call("GET", f"{core}/configmaps/b").code == 404
    assert client.get(path)["data"] == {"a": "1", "z": "1"}


def test_a_dry_run_shows_and_stores_nothing(client: Client, core: str) -> None:
    path = f"{core}/configmaps/a"
    client.apply(path, config_map("a"))
    assert client.apply(path, config_map("a", {"a": "2"}), dryRun="All").body["data"] == {"a": "2"}
    assert client.get(path)["data"] == {"a": "1"}


def test_what_an_apply_must_say(client: Client, core: str) -> None:
    path = f"{core}/configmaps/a"
    nobody = client.call("PATCH", path, config_map("a"), content="application/apply-patch+yaml")
    assert (nobody.code, nobody.causes) == (422, [("FieldValueRequired", "fieldManager")])
    assert client.apply(path, {"metadata": {"name": "a"}}).code == 400
    assert client.apply(path, config_map("b")).code == 400
    managed = client.apply(path, config_map("a", managedFields=[{"manager": "x"}]))
    assert managed.message == "metadata.managedFields must be nil"
    assert client.call("GET", path).code == 404


def test_who_created_an_object_owns_what_it_said_and_its_defaults_only(client: Client, core: str) -> None:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "a"}, "spec": spec}
    made = client.post(f"{core}/persistentvolumeclaims", claim, fieldManager="m1")
    assert made["spec"]["storageClassName"]
    assert made["metadata"]["finalizers"]
    fields = _fields(made, "m1")
    assert set(fields["f:spec"]) == {"f:accessModes", "f:resources", "f:volumeMode"}
    assert "f:metadata" not in fields


def test_an_update_may_hand_fields_over(client: Client, core: str) -> None:
    """As clients do that go on with apply what they began with create."""
    path = f"{core}/configmaps/a"
    made = client.post(f"{core}/configmaps", config_map("a", {"a": "1", "b": "2"}), fieldManager="m1")
    entries = [{**entry, "operation": "Apply"} for entry in made["metadata"]["managedFields"]]
    handed = client.patch(path, {"metadata": {"managedFields": entries}}, fieldManager="m1")
    assert [(one["manager"], one["operation"]) for one in handed["metadata"]["managedFields"]] == [("m1", "Apply")]
    assert client.apply(path, config_map("a", {"a": "1"})).body["data"] == {"a": "1"}
