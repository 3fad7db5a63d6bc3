"""Whatever a client sends, it gets an answer that a server means, and the controllers live on."""

from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.embedded.kubernetes.client import (
    APPLY,
    JSON,
    JSON_PATCH,
    MERGE,
    STRATEGIC,
    Client,
    Object,
    deployment,
    template,
)

_JOB = {"template": template("a", restartPolicy="Never")}
_CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
_BACKEND = {"service": {"name": "s", "port": {"number": 80}}}
_TARGET = {"kind": "Deployment", "name": "a", "apiVersion": "apps/v1"}
_QUOTA_FREE = {"hard": {"count/leases.coordination.k8s.io": "100"}}
_RULE = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
_KINDS: dict[str, Object] = {
    "api/v1/{}/configmaps": {"data": {"a": "1"}},
    "api/v1/{}/persistentvolumeclaims": {"spec": _CLAIM},
    "api/v1/{}/pods": {"spec": template("a")["spec"]},
    "api/v1/{}/resourcequotas": {"spec": _QUOTA_FREE},
    "api/v1/{}/secrets": {"stringData": {"a": "1"}},
    "api/v1/{}/services": {"spec": {"selector": {"app": "a"}, "ports": [{"port": 80}]}},
    "apis/apps/v1/{}/daemonsets": {"spec": {"selector": {"matchLabels": {"app": "a"}}, "template": template("a")}},
    "apis/apps/v1/{}/deployments": {"spec": deployment("a", replicas=1)["spec"]},
    "apis/apps/v1/{}/statefulsets": {"spec": {**deployment("a", replicas=1)["spec"], "volumeClaimTemplates": [
        {"metadata": {"name": "d"}, "spec": _CLAIM}]}},
    "apis/autoscaling/v2/{}/horizontalpodautoscalers": {"spec": {"scaleTargetRef": _TARGET, "maxReplicas": 2}},
    "apis/batch/v1/{}/cronjobs": {"spec": {"schedule": "* * * * *", "jobTemplate": {"spec": _JOB}}},
    "apis/batch/v1/{}/jobs": {"spec": _JOB},
    "apis/networking.k8s.io/v1/{}/ingresses": {"spec": {"rules": [{"http": {"paths": [
        {"path": "/", "pathType": "Prefix", "backend": _BACKEND}]}}]}},
    "apis/policy/v1/{}/poddisruptionbudgets": {"spec": {"minAvailable": 1}},
    "apis/rbac.authorization.k8s.io/v1/{}/roles": {"rules": [_RULE]},
}  # fmt: skip

_odd: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from([{}, [], [None], [[]], [{}], {"": ""}, {"a": None}, {"name": []}, "-", "100%", "1Gi", "0"]),
)


@st.composite
def _things(draw: st.DrawFn) -> tuple[str, Object]:
    """An object of some kind with something odd somewhere in it."""
    path = draw(st.sampled_from(sorted(_KINDS)))
    thing: Object = {"metadata": {"name": "a", "labels": {"app": "a"}}, **_KINDS[path]}
    for _ in range(draw(st.integers(1, 2))):
        thing = cast("Object", _changed(draw, thing))
    return path, thing


def _changed(draw: st.DrawFn, thing: Any) -> Any:
    if isinstance(thing, dict) and thing and draw(st.integers(0, 9)):
        fields = cast("Object", thing)
        name = draw(st.sampled_from(sorted(fields)))
        return {**fields, name: _changed(draw, fields[name])}
    if isinstance(thing, list) and thing and draw(st.integers(0, 9)):
        items = cast("list[Any]", thing)
        return [_changed(draw, items[0]), *items[1:]]
    return draw(_odd)


def _named(client: Client, path: str, thing: Any) -> Any:
    """With the version and kind that belong to the path."""
    place = path.partition("/namespaces")[0]
    kinds = {one["name"]: one["kind"] for one in client.get(place)["resources"]}
    version = place.removeprefix("/apis/").removeprefix("/api/")
    if not isinstance(thing, dict):
        return thing
    return {"apiVersion": version, "kind": kinds[path.rpartition("/")[2]], **cast("Object", thing)}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_things(), st.sampled_from(["POST", "APPLY"]))
def test_an_odd_object_is_taken_or_refused(
    client: Client, namespace: str, thing: tuple[str, Object], method: str
) -> None:
    path = "/" + thing[0].format(f"namespaces/{namespace}")
    if method == "POST":
        answer = client.call("POST", path, thing[1])
    else:
        answer = client.apply(f"{path}/a", _named(client, path, thing[1]))
    assert answer.code < 500, (answer, thing)
    client.call("DELETE", f"{path}/a", {"gracePeriodSeconds": 0, "propagationPolicy": "Background"})


_PATCH_FIELDS = (
    "$patch",
    "$setElementOrder/containers",
    "containers",
    "labels",
    "metadata",
    "name",
    "op",
    "path",
    "replicas",
    "spec",
    "template",
    "value",
)
_patches = st.recursive(
    _odd,
    lambda inside: st.one_of(st.lists(inside, max_size=2), st.dictionaries(st.sampled_from(_PATCH_FIELDS), inside)),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([JSON_PATCH, MERGE, STRATEGIC]), _patches)
def test_an_odd_patch_is_taken_or_refused(client: Client, apps: str, content: str, patch: Any) -> None:
    client.call("POST", f"{apps}/deployments", deployment("a", replicas=0))
    assert client.call("PATCH", f"{apps}/deployments/a", patch, content=content).code < 500


@pytest.mark.parametrize("content", [JSON, APPLY, MERGE, "application/yaml", "application/vnd.kubernetes.protobuf"])
@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 1_100, b"null", b"1", b"'", b"&a [*a]", b"k8s\x00"])
def test_odd_bytes_are_refused(client: Client, core: str, content: str, data: bytes) -> None:
    headers = {"Content-Type": content}
    assert 400 <= client.send("POST", f"{core}/configmaps", data, headers).status_code < 500
    assert 400 <= client.send("PATCH", f"{core}/configmaps/a?fieldManager=m", data, headers).status_code < 500


@pytest.mark.parametrize(
    "path",
    ["/api/v1/namespaces/a/b/c/d/e", "/api/v1//pods", "/apis//v1/pods", "/api/v1/namespaces/%2e%2e/pods",
     "/api/v1/pods?limit=x", "/api/v1/pods?watch=true&timeoutSeconds=x", "/api/v1/pods?continue=W10=",
     "/api/v1/pods?labelSelector=%00", "/api/v1/pods?fieldSelector=a=b,c", "/openapi/v3/x", "/apis/apps/v1/x"],
)  # fmt: skip
def test_odd_paths_are_refused(client: Client, path: str) -> None:
    assert client.call("GET", path).code in (200, 400, 404)
