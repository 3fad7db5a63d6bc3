"""What an operator looks at and tidies up, end to end: health, previews, leftovers, in the real cluster."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.connect import connect
from jobs.adapters.kubernetes.json import name_of
from jobs.adapters.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT
from tests.system.mutating import mutate
from tests.system.outside import Outside
from tests.system.running import PATIENCE, Phaseline

T = TypeVar("T")

ENVIRONMENT = """
query { environment(name: "acme-staging") {
  id namespace phase phaseReason
  services { nodes { id name status revision hostnames health { state reason checkedAt } } }
} }
"""
PREVIEW = """
query ($id: ID!, $configuration: ServiceConfigurationInput!) {
  previewServiceUpdate(serviceId: $id, configuration: $configuration) {
    ... on ServiceUpdatePreview { changes { action kind name fields { path before after } } refusal }
    ... on Error { message }
  }
}
"""
LEFTOVERS = "{ leftovers { cluster objects { kind namespace name uid environmentId } } }"
REMOVE = """
mutation ($input: RemoveLeftoversInput!) {
  removeLeftovers(input: $input) {
    ... on LeftoversRemoved { removed { kind name uid } kept { uid reason } }
    ... on Error { message }
  }
}
"""
GONE = f"env_{7:024x}"


@pytest.fixture(scope="module")
def phaseline(shared: Phaseline) -> Phaseline:
    return shared


@pytest.fixture(scope="module")
def cluster(phaseline: Phaseline) -> Api:
    """Straight to the cluster, to look and to meddle."""
    return connect(phaseline.kubeconfig)


def environment(phaseline: Phaseline) -> dict[str, Any]:
    return phaseline.ask(ENVIRONMENT)["environment"]


def service(phaseline: Phaseline, name: str) -> dict[str, Any]:
    return next(one for one in environment(phaseline)["services"]["nodes"] if one["name"] == name)


def eventually(look: Callable[[], T], enough: Callable[[T], bool]) -> T:
    """What `look` sees once it is enough. Nobody tells of a look at health, so it is asked for again and again."""
    until = time.monotonic() + PATIENCE
    while not enough(seen := look()):
        assert time.monotonic() < until, seen
    return seen


def states(found: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["health"]["state"] for one in found["services"]["nodes"]}


def test_what_was_deployed_is_healthy(phaseline: Phaseline) -> None:
    found = eventually(
        lambda: environment(phaseline),
        lambda found: found["phase"] == "ACTIVE" and set(states(found).values()) == {"HEALTHY"},
    )

    assert set(states(found)) == {"api", "database", "web", "worker"}
    assert all(one["health"]["reason"] is None and one["health"]["checkedAt"] for one in found["services"]["nodes"])
    assert found["phaseReason"] is None


def test_a_preview_shows_the_cluster_s_own_answer_and_changes_nothing(phaseline: Phaseline, cluster: Api) -> None:
    found, web = environment(phaseline), service(phaseline, "web")
    path = DEPLOYMENT.path(found["namespace"], "web")
    before = cluster.call("GET", path)
    secret = {"name": "PREVIEWED", "value": "hunter2hunter2", "secret": True}
    change = {"deployment": {"replicas": 5}, "variables": [secret]}

    answer = phaseline.ask(PREVIEW, id=web["id"], configuration=change)["previewServiceUpdate"]

    changed = {(one["kind"], one["name"]): one for one in answer["changes"]}
    replicas = next(one for one in changed["Deployment", "web"]["fields"] if one["path"] == "spec.replicas")
    assert replicas["after"] == "5"
    assert changed["Secret", "web"]["action"] in ("CREATE", "CHANGE")
    assert answer["refusal"] is None
    assert "hunter2" not in str(answer)
    assert cluster.call("GET", path)["metadata"]["generation"] == before["metadata"]["generation"]
    assert service(phaseline, "web")["revision"] == web["revision"]


def test_what_is_deleted_by_hand_is_told_and_not_repaired(phaseline: Phaseline, cluster: Api) -> None:
    namespace = environment(phaseline)["namespace"]
    path = DEPLOYMENT.path(namespace, "web")
    cluster.call("DELETE", path)

    web = eventually(lambda: service(phaseline, "web"), lambda web: web["health"]["state"] == "DEGRADED")

    assert "Deployment web is missing" in web["health"]["reason"]
    assert web["status"] == "RUNNING"
    assert environment(phaseline)["phase"] == "ACTIVE"
    assert states(environment(phaseline)) == {
        "api": "HEALTHY",
        "database": "HEALTHY",
        "web": "DEGRADED",
        "worker": "HEALTHY",
    }
    assert cluster.find(path) is None


def test_a_record_that_leads_elsewhere_is_told_until_an_update_puts_it_right(
    phaseline: Phaseline, outside: Outside
) -> None:
    api = service(phaseline, "api")
    [host] = api["hostnames"]
    published = outside.records(host.partition(".")[2])[host, "A"]
    outside.lead_astray(host, "198.51.100.9")

    api = eventually(lambda: service(phaseline, "api"), lambda api: api["health"]["state"] == "DEGRADED")

    assert f"{host} was changed: it leads to 198.51.100.9 instead of {published[0]}" in api["health"]["reason"]
    assert mutate(phaseline, "updateService", serviceId=api["id"], configuration={})["status"] == "SUCCEEDED"
    assert outside.records(host.partition(".")[2])[host, "A"] == published
    eventually(lambda: service(phaseline, "api"), lambda api: api["health"]["state"] == "HEALTHY")


def test_leftovers_are_listed_and_those_named_removed(phaseline: Phaseline, cluster: Api) -> None:
    marks = {"app.kubernetes.io/managed-by": "phaseline", "phaseline.dev/environment": GONE}
    for name, labels in (("orphan", marks), ("another", marks), ("somebody-elses", {})):
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": labels}}
        cluster.call("POST", CONFIG_MAP.path("default"), body=body)

    found = [one for one in phaseline.ask(LEFTOVERS)["leftovers"]["objects"] if one["environmentId"] == GONE]
    uids = {one["name"]: one["uid"] for one in found}
    answer = phaseline.ask(REMOVE, input={"uids": [uids["orphan"]]})["removeLeftovers"]

    assert {(one["kind"], one["namespace"], one["name"], one["environmentId"]) for one in found} == {
        ("ConfigMap", "default", "orphan", GONE),
        ("ConfigMap", "default", "another", GONE),
    }
    assert answer == {"removed": [{"kind": "ConfigMap", "name": "orphan", "uid": uids["orphan"]}], "kept": []}
    left = {name_of(one) for one in cluster.items(CONFIG_MAP.path("default"))}
    assert {"another", "somebody-elses"} <= left
    assert "orphan" not in left
