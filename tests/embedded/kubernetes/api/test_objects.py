"""Creating, getting and listing objects, and the Status of what is refused."""

import pytest

from tests.embedded.kubernetes.client import Client, config_map, deployment


def test_a_created_object_gets_its_system_fields(client: Client, core: str, namespace: str) -> None:
    made = client.post(f"{core}/configmaps", config_map("a"))["metadata"]
    assert made["namespace"] == namespace
    assert made["uid"]
    assert int(made["resourceVersion"]) > 0
    assert made["creationTimestamp"].endswith("Z")


def test_a_name_is_generated_once_only(client: Client, core: str) -> None:
    names = {
        client.post(f"{core}/configmaps", {"metadata": {"generateName": "g-"}})["metadata"]["name"] for _ in range(3)
    }
    assert len(names) == 3
    assert all(name.startswith("g-") and len(name) == 7 for name in names)


def test_a_second_object_of_a_name_is_refused(client: Client, core: str) -> None:
    first = client.post(f"{core}/configmaps", config_map("a"))
    answer = client.call("POST", f"{core}/configmaps", config_map("a", {"other": "1"}))
    assert (answer.code, answer.reason, answer.body["kind"]) == (409, "AlreadyExists", "Status")
    assert answer.message == 'configmaps "a" already exists'
    assert client.get(f"{core}/configmaps/a") == first


def test_what_is_not_there_is_named(client: Client, apps: str) -> None:
    answer = client.call("GET", f"{apps}/deployments/zzz")
    assert (answer.code, answer.reason) == (404, "NotFound")
    assert answer.message == 'deployments.apps "zzz" not found'
    assert answer.body["details"] == {"name": "zzz", "group": "apps", "kind": "deployments"}


def test_a_namespace_has_to_be_there(client: Client) -> None:
    answer = client.call("POST", "/api/v1/namespaces/nowhere/configmaps", config_map("a"))
    assert answer.code == 404
    assert answer.message == 'namespaces "nowhere" not found'


@pytest.mark.parametrize("path", ["/api/v1/nothings", "/apis/none.test/v1/things", "/api/v1/namespaces/default/nodes"])
def test_an_unknown_kind_is_no_path(client: Client, path: str) -> None:
    answer = client.call("GET", path)
    assert (answer.code, answer.reason) == (404, "NotFound")
    assert answer.message == "the server could not find the requested resource"


def test_an_object_of_another_kind_or_place_is_refused(client: Client, core: str) -> None:
    assert client.call("POST", f"{core}/configmaps", {"kind": "Secret", "metadata": {"name": "a"}}).code == 400
    other = config_map("a", namespace="default")
    answer = client.call("POST", f"{core}/configmaps", other)
    assert answer.code == 400
    assert answer.message == "the namespace of the provided object does not match the namespace sent on the request"
    assert client.call("POST", f"{core}/configmaps", [1]).code == 400
    assert client.names(f"{core}/configmaps", labelSelector="!none", fieldSelector="metadata.name=a") == []


def test_a_dry_run_answers_and_stores_nothing(client: Client, core: str) -> None:
    before = client.get(f"{core}/configmaps")["metadata"]["resourceVersion"]
    assert client.call("POST", f"{core}/configmaps", config_map("a"), dryRun="All").code == 201
    assert client.call("GET", f"{core}/configmaps/a").code == 404
    client.post(f"{core}/configmaps", config_map("b"))
    changed = client.patch(f"{core}/configmaps/b", {"data": {"a": "2"}}, dryRun="All")
    assert changed["data"] == {"a": "2"}
    client.delete(f"{core}/configmaps/b", dryRun="All")
    assert client.get(f"{core}/configmaps/b")["data"] == {"a": "1"}
    after = client.get(f"{core}/configmaps")["metadata"]["resourceVersion"]
    assert int(after) - int(before) <= 3  # the object, and what every new namespace gets


def test_unknown_fields_are_dropped_told_or_refused(client: Client, core: str) -> None:
    odd = config_map("odd", labls="1") | {"dat": "1"}
    answer = client.call("POST", f"{core}/configmaps", odd)
    warnings = [f'299 - "unknown field \\"{field}\\""' for field in ("metadata.labls", "dat")]
    assert answer.headers.get_list("warning") == warnings
    assert "dat" not in answer.body
    assert "labls" not in answer.body["metadata"]
    strict = client.call("POST", f"{core}/configmaps", config_map("b") | {"dat": "1"}, fieldValidation="Strict")
    assert (strict.code, strict.message) == (400, 'strict decoding error: unknown field "dat"')
    assert client.call("GET", f"{core}/configmaps/b").code == 404


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"replicas": "2"}, "json: cannot unmarshal string into Go struct field Spec.spec.replicas of type int32"),
        ({"replicas": True}, "json: cannot unmarshal bool into Go struct field Spec.spec.replicas of type int32"),
        ({"paused": 1}, "json: cannot unmarshal number into Go struct field Spec.spec.paused of type bool"),
    ],
)
def test_a_value_of_another_type_is_refused(client: Client, apps: str, spec: dict[str, object], message: str) -> None:
    answer = client.call("POST", f"{apps}/deployments", {**deployment("a"), "spec": spec})
    assert answer.code == 400
    assert answer.message == f'Deployment in version "v1" cannot be handled as a Deployment: {message}'


def test_quantities_are_given_back_in_their_canonical_form(client: Client, core: str) -> None:
    hard = {"requests.cpu": "0.5", "requests.memory": "1024Mi", "limits.memory": "1.5Gi", "pods": 3}
    made = client.post(f"{core}/resourcequotas", {"metadata": {"name": "q"}, "spec": {"hard": hard}})
    assert made["spec"]["hard"] == {
        "requests.cpu": "500m",
        "requests.memory": "1Gi",
        "limits.memory": "1536Mi",
        "pods": "3",
    }
    wrong = client.call("POST", f"{core}/resourcequotas", {"metadata": {"name": "r"}, "spec": {"hard": {"pods": "3x"}}})
    assert wrong.code == 400
    assert "quantities must match the regular expression" in wrong.message


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("x=1", ["a"]),
        ("x==1", ["a"]),
        ("x!=1", ["b", "c"]),
        ("x in (1,3)", ["a", "c"]),
        ("x notin (1, 3)", ["b"]),
        ("y", ["b"]),
        ("x,!y", ["a", "c"]),
        ("x=2,y=1", ["b"]),
    ],
)
def test_lists_by_label(client: Client, core: str, selector: str, expected: list[str]) -> None:
    for name, labels in (("a", {"x": "1"}), ("b", {"x": "2", "y": "1"}), ("c", {"x": "3"})):
        client.post(f"{core}/secrets", {"metadata": {"name": name, "labels": labels}})
    assert client.names(f"{core}/secrets", labelSelector=selector) == expected


def test_a_selector_that_cant_be_read_is_refused(client: Client, core: str) -> None:
    assert client.call("GET", f"{core}/secrets", labelSelector="x in 1").code == 400
    assert client.call("GET", f"{core}/secrets", fieldSelector="metadata.name").code == 400


def test_lists_by_field(client: Client, core: str) -> None:
    for name in ("a", "b"):
        client.post(f"{core}/secrets", {"metadata": {"name": name}})
    assert client.names(f"{core}/secrets", fieldSelector="metadata.name=b") == ["b"]
    assert client.names(f"{core}/secrets", fieldSelector="metadata.name!=b") == ["a"]


def test_lists_page_by_page_miss_and_repeat_nothing(client: Client, core: str) -> None:
    for number in range(5):
        client.post(f"{core}/secrets", {"metadata": {"name": f"s{number}"}})
    first = client.get(f"{core}/secrets", limit=2)
    assert first["metadata"]["remainingItemCount"] == 3
    client.delete(f"{core}/secrets/s0")
    second = client.get(f"{core}/secrets", limit=2, **{"continue": first["metadata"]["continue"]})
    third = client.get(f"{core}/secrets", limit=2, **{"continue": second["metadata"]["continue"]})
    listed = [one["metadata"]["name"] for page in (first, second, third) for one in page["items"]]
    assert listed == ["s0", "s1", "s2", "s3", "s4"]
    # a watch from the list's version tells what happened while it was paged through
    assert first["metadata"]["resourceVersion"] == third["metadata"]["resourceVersion"]
    assert "continue" not in third["metadata"]
    assert client.call("GET", f"{core}/secrets", limit=2, **{"continue": "?"}).code == 400


def test_lists_of_metadata_only(client: Client, core: str) -> None:
    client.post(f"{core}/secrets", {"metadata": {"name": "a"}, "stringData": {"k": "v"}})
    accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
    listed = client.call("GET", f"{core}/secrets", accept=accept).body
    assert (listed["kind"], listed["apiVersion"]) == ("PartialObjectMetadataList", "meta.k8s.io/v1")
    assert [set(one) for one in listed["items"]] == [{"kind", "apiVersion", "metadata"}]
    one = client.call("GET", f"{core}/secrets/a", accept="application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1")
    assert one.body["kind"] == "PartialObjectMetadata"
    assert "data" not in one.body


def test_lists_as_a_table(client: Client, apps: str) -> None:
    client.post(f"{apps}/deployments", deployment("web", replicas=0))
    accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
    table = client.call("GET", f"{apps}/deployments", accept=accept).body
    assert table["kind"] == "Table"
    columns = [one["name"] for one in table["columnDefinitions"]]
    assert columns == ["Name", "Ready", "Up-to-date", "Available", "Age"]
    assert table["rows"][0]["cells"][:4] == ["web", "0/0", 0, 0]
    assert table["rows"][0]["object"]["kind"] == "PartialObjectMetadata"


def test_what_only_protobuf_could_answer_is_refused(client: Client) -> None:
    assert client.call("GET", "/api/v1/namespaces", accept="application/vnd.kubernetes.protobuf").code == 406
    both = "application/vnd.kubernetes.protobuf,application/json"
    assert client.call("GET", "/api/v1/namespaces", accept=both).body["kind"] == "NamespaceList"


def test_lists_all_namespaces(client: Client, core: str, namespace: str) -> None:
    client.post(f"{core}/secrets", {"metadata": {"name": "a", "labels": {"of": namespace}}})
    listed = client.get("/api/v1/secrets", labelSelector=f"of={namespace}")["items"]
    assert [(one["metadata"]["namespace"], one["metadata"]["name"]) for one in listed] == [(namespace, "a")]
    assert client.call("GET", "/api/v1/secrets/a").code == 404


def test_yaml_is_read(client: Client, core: str) -> None:
    answer = client.call("POST", f"{core}/configmaps", config_map("y"), content="application/yaml")
    assert answer.code == 201
    assert client.call("POST", f"{core}/configmaps", config_map("z"), content="text/plain").code == 415


def test_a_body_has_a_largest_size(client: Client, core: str) -> None:
    answer = client.call("POST", f"{core}/configmaps", config_map("a", {"a": "x" * 4_000_000}))
    assert (answer.code, answer.reason) == (413, "RequestEntityTooLarge")


def test_every_namespace_has_its_authority_and_account(client: Client, core: str) -> None:
    client.until(f"{core}/serviceaccounts/default", lambda _: True)
    authority = client.until(f"{core}/configmaps/kube-root-ca.crt", lambda _: True)
    assert authority["data"]["ca.crt"].startswith("-----BEGIN CERTIFICATE-----")
    client.delete(f"{core}/configmaps/kube-root-ca.crt")
    again = client.until(
        f"{core}/configmaps/kube-root-ca.crt", lambda new: new["metadata"]["uid"] != authority["metadata"]["uid"]
    )
    assert again["data"] == authority["data"]
