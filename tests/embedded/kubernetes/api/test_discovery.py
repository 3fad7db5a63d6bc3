"""Discovery, version and OpenAPI."""

from typing import Any

from tests.embedded.kubernetes.client import Client

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def test_version(client: Client) -> None:
    assert client.get("/version")["gitVersion"].startswith("v1.")
    assert client.call("GET", "/readyz").body == "ok"


def test_groups_and_their_kinds(client: Client) -> None:
    groups = {one["name"]: one for one in client.get("/apis")["groups"]}
    assert groups["apps"]["preferredVersion"] == {"groupVersion": "apps/v1", "version": "v1"}
    assert client.get("/apis/apps")["versions"] == groups["apps"]["versions"]
    kinds = {one["name"]: one for one in client.get("/api/v1")["resources"]}
    assert kinds["configmaps"]["namespaced"] is True
    assert kinds["configmaps"]["shortNames"] == ["cm"]
    assert {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"} == set(
        kinds["configmaps"]["verbs"]
    )
    assert kinds["namespaces"]["namespaced"] is False
    assert kinds["pods/log"]["verbs"] == ["get"]
    assert client.call("GET", "/apis/none.test").code == 404


def test_every_listed_kind_can_be_listed(client: Client) -> None:
    for place in (
        "/api/v1",
        *(f"/apis/{one['preferredVersion']['groupVersion']}" for one in client.get("/apis")["groups"]),
    ):
        for kind in client.get(place)["resources"]:
            if "list" in kind["verbs"]:
                assert client.get(f"{place}/{kind['name']}")["kind"] == f"{kind['kind']}List"


def test_aggregated_discovery_says_the_same(client: Client) -> None:
    answer = client.call("GET", "/apis", accept=f"{AGGREGATED},application/json")
    assert answer.headers["content-type"] == AGGREGATED
    assert answer.body["kind"] == "APIGroupDiscoveryList"
    everything = [*client.call("GET", "/api", accept=AGGREGATED).body["items"], *answer.body["items"]]
    for group in everything:
        name = group["metadata"].get("name", "")
        for version in group["versions"]:
            assert version["freshness"] == "Current"
            place = f"/apis/{name}/{version['version']}" if name else f"/api/{version['version']}"
            plain = {one["name"]: one for one in client.get(place)["resources"]}
            for kind in version["resources"]:
                _assert_same(kind, plain)


def _assert_same(kind: dict[str, Any], plain: dict[str, Any]) -> None:
    known = plain[kind["resource"]]
    assert kind["responseKind"]["kind"] == known["kind"]
    assert (kind["scope"] == "Namespaced") == known["namespaced"]
    assert kind["verbs"] == known["verbs"]
    assert [f"{kind['resource']}/{one['subresource']}" for one in kind.get("subresources", [])] == [
        name for name in plain if name.startswith(f"{kind['resource']}/")
    ]


def test_openapi_has_a_schema_for_every_kind(client: Client) -> None:
    for place, entry in client.get("/openapi/v3")["paths"].items():
        document = client.get(entry["serverRelativeURL"])
        schemas = document["components"]["schemas"]
        told = {one["kind"] for schema in schemas.values() for one in schema.get("x-kubernetes-group-version-kind", [])}
        kinds = {kind["kind"] for kind in client.get(f"/{place}")["resources"] if "/" not in kind["name"]}
        assert kinds <= told
        assert all(path.startswith(f"/{place}/") for path in document["paths"])
    assert "io.k8s.api.apps.v1.Deployment" in client.get("/openapi/v2")["definitions"]
    assert client.call("GET", "/openapi/v3/apis/none.test/v1").code == 404
