"""CustomResourceDefinitions: what they define is served, stored, and removed with them."""

import os
import signal
from pathlib import Path

import pytest

from embedded import kubernetes
from tests.embedded.kubernetes.client import Client, Object

_DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_PATH = "/apis/example.test/v1/namespaces/default/widgets"


def _definition(**version: object) -> Object:
    names = {"kind": "Widget", "plural": "widgets", "singular": "widget", "shortNames": ["wd"]}
    versions = [{"name": "v1", "served": True, "storage": True, **version}]
    spec = {"group": "example.test", "scope": "Namespaced", "names": names, "versions": versions}
    return {"metadata": {"name": "widgets.example.test"}, "spec": spec}


def _is_established(definition: Object) -> bool:
    conditions = definition.get("status", {}).get("conditions", [])
    return any(one["type"] == "Established" and one["status"] == "True" for one in conditions)


def _widget(name: str, **own: object) -> Object:
    return {
        "apiVersion": "example.test/v1",
        "kind": "Widget",
        "metadata": {"name": name, **own},
        "spec": {"any": [None]},
    }


@pytest.fixture
def defined(own_client: Client) -> Client:
    own_client.post(_DEFINITIONS, _definition())
    own_client.until(f"{_DEFINITIONS}/widgets.example.test", _is_established)
    return own_client


def test_is_served_and_keeps_what_it_is_given(defined: Client) -> None:
    assert [one["name"] for one in defined.get("/apis/example.test/v1")["resources"]] == ["widgets"]
    made = defined.post(_PATH, _widget("a"))
    assert made["spec"] == {"any": [None]}
    assert made["metadata"]["generation"] == 1
    changed = defined.patch(f"{_PATH}/a", {"spec": {"other": {}}})
    assert (changed["spec"], changed["metadata"]["generation"]) == ({"any": [None], "other": {}}, 2)
    strategic = defined.call("PATCH", f"{_PATH}/a", {}, content="application/strategic-merge-patch+json")
    assert strategic.code == 415
    applied = defined.apply(f"{_PATH}/a", {**_widget("a"), "spec": {"mine": 1}}).body
    assert applied["spec"] == {"any": [None], "other": {}, "mine": 1}
    wrong = defined.call("POST", _PATH, {**_widget("b"), "metadata": {"name": "b", "labels": {"k": 1}}})
    assert wrong.code == 400


def test_goes_with_its_definition(defined: Client) -> None:
    defined.post(_PATH, _widget("a"))
    defined.post(_PATH, _widget("held", finalizers=["example.test/hold"]))
    path = f"{_DEFINITIONS}/widgets.example.test"
    defined.delete(path)
    held = defined.until(path, lambda one: any(c["type"] == "Terminating" for c in one["status"]["conditions"]))
    assert held["metadata"]["finalizers"] == ["customresourcecleanup.apiextensions.k8s.io"]
    assert defined.names(_PATH) == ["held"]
    defined.patch(f"{_PATH}/held", {"metadata": {"finalizers": None}})
    defined.until_gone(path)
    assert defined.call("GET", _PATH).code == 404
    assert "example.test" not in [group["name"] for group in defined.get("/apis")["groups"]]


def test_holds_a_namespace_by_its_finalizer(defined: Client) -> None:
    defined.post("/api/v1/namespaces", {"metadata": {"name": "held"}})
    widgets = "/apis/example.test/v1/namespaces/held/widgets"
    defined.post(widgets, _widget("a", finalizers=["example.test/hold"]))
    defined.delete("/api/v1/namespaces/held")

    def names_it(namespace: Object) -> bool:
        messages = [one["message"] for one in namespace["status"].get("conditions", [])]
        return "Some resources are remaining: widgets.example.test has 1 resource instances" in messages

    defined.until("/api/v1/namespaces/held", names_it)
    defined.patch(f"{widgets}/a", {"metadata": {"finalizers": None}})
    defined.until_gone("/api/v1/namespaces/held")


def test_a_schema_drops_what_it_doesnt_know_and_a_status_is_apart(own_client: Client) -> None:
    properties = {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}, "status": {"type": "object"}}
    schema = {"openAPIV3Schema": {"type": "object", "properties": properties}}
    own_client.post(_DEFINITIONS, _definition(schema=schema, subresources={"status": {}}))
    own_client.until(f"{_DEFINITIONS}/widgets.example.test", _is_established)
    made = own_client.post(_PATH, {**_widget("a"), "spec": {"size": 1, "other": 2}, "status": {"x": 1}})
    assert made["spec"] == {"size": 1}
    assert "status" not in made
    assert own_client.call("POST", _PATH, {**_widget("b"), "spec": {"size": "1"}}).code == 400
    assert own_client.patch(f"{_PATH}/a/status", {"status": {"x": 1}})["status"] == {"x": 1}


def test_survives_a_kill(tmp_path: Path) -> None:
    first = kubernetes.start(tmp_path)
    client = Client(first)
    client.post(_DEFINITIONS, _definition())
    client.until(f"{_DEFINITIONS}/widgets.example.test", _is_established)
    made = client.post(_PATH, _widget("a"))
    client.close()
    os.killpg(first.process.pid, signal.SIGKILL)
    first.stop()
    second = kubernetes.start(tmp_path)
    client = Client(second)
    try:
        assert client.get(f"{_PATH}/a") == made
    finally:
        client.close()
        second.stop()
