"""Namespaces that are being deleted: what they refuse, what holds them, and when they go."""

from collections.abc import Callable

from tests.embedded.kubernetes.client import Client, Object, config_map, deployment

_UNREACHABLE = {"service": {"name": "gone", "namespace": "default"}}


def _condition(namespace: Object, kind: str) -> Object:
    return next((one for one in namespace["status"].get("conditions", []) if one["type"] == kind), Object())


def _says(kind: str, status: str) -> Callable[[Object], bool]:
    def holds(namespace: Object) -> bool:
        return _condition(namespace, kind).get("status") == status

    return holds


def test_an_emptied_namespace_goes(client: Client, namespace: str, core: str, apps: str) -> None:
    client.post(f"{apps}/deployments", deployment("web"))
    client.post(f"{core}/configmaps", config_map("a"))
    client.delete(f"/api/v1/namespaces/{namespace}")
    client.until_gone(f"/api/v1/namespaces/{namespace}")
    assert client.names(f"{core}/configmaps") == []
    assert client.names(f"{core}/pods") == []


def test_nothing_is_created_in_a_namespace_that_is_going(client: Client, namespace: str, core: str) -> None:
    client.post(f"{core}/configmaps", config_map("held", finalizers=["a.test/hold"]))
    going = client.delete(f"/api/v1/namespaces/{namespace}")
    assert going["status"]["phase"] == "Terminating"
    assert going["metadata"]["deletionTimestamp"]
    for answer in (
        client.call("POST", f"{core}/configmaps", config_map("late")),
        client.apply(f"{core}/configmaps/late", config_map("late")),
    ):
        assert (answer.code, answer.reason) == (403, "Forbidden")
        why = f"unable to create new content in namespace {namespace} because it is being terminated"
        assert answer.message == f'configmaps "late" is forbidden: {why}'
        assert answer.causes == [("NamespaceTerminating", "metadata.namespace")]


def test_its_conditions_name_what_holds_it(client: Client, namespace: str, core: str) -> None:
    for name in ("one", "two"):
        client.post(f"{core}/configmaps", config_map(name, finalizers=["a.test/hold"]))
    client.post(f"{core}/secrets", {"metadata": {"name": "three", "finalizers": ["b.test/hold"]}})
    path = f"/api/v1/namespaces/{namespace}"
    client.delete(path)
    held = client.until(path, _says("NamespaceFinalizersRemaining", "True"))
    assert _condition(held, "NamespaceFinalizersRemaining")["message"] == (
        "Some content in the namespace has finalizers remaining: "
        "a.test/hold in 2 resource instances, b.test/hold in 1 resource instances"
    )
    remaining = _condition(held, "NamespaceContentRemaining")
    assert (remaining["status"], remaining["reason"]) == ("True", "SomeResourcesRemain")
    assert remaining["message"] == (
        "Some resources are remaining: configmaps. has 2 resource instances, secrets. has 1 resource instances"
    )
    for kind in ("NamespaceDeletionDiscoveryFailure", "NamespaceDeletionContentFailure"):
        assert _condition(held, kind)["status"] == "False"
    for held_path in (f"{core}/configmaps/one", f"{core}/configmaps/two", f"{core}/secrets/three"):
        client.patch(held_path, {"metadata": {"finalizers": None}})
    client.until_gone(path)


def test_an_unavailable_api_holds_every_namespace(own_client: Client) -> None:
    client = own_client
    client.post("/api/v1/namespaces", {"metadata": {"name": "held"}})
    spec = {"group": "metrics.test", "version": "v1beta1", "groupPriorityMinimum": 1, "versionPriority": 1}
    name = "v1beta1.metrics.test"
    services = "/apis/apiregistration.k8s.io/v1/apiservices"
    client.post(services, {"metadata": {"name": name}, "spec": {**spec, **_UNREACHABLE}})
    unavailable = client.until(f"{services}/{name}", lambda one: "status" in one)
    assert unavailable["status"]["conditions"][0]["reason"] == "ServiceNotFound"
    assert client.call("GET", "/apis/metrics.test/v1beta1").code == 503
    aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    groups = {one["metadata"]["name"]: one for one in client.call("GET", "/apis", accept=aggregated).body["items"]}
    assert groups["metrics.test"]["versions"] == [{"version": "v1beta1", "freshness": "Stale"}]
    assert groups["apps"]["versions"][0]["freshness"] == "Current"

    path = "/api/v1/namespaces/held"
    client.delete(path)
    held = client.until(path, _says("NamespaceDeletionDiscoveryFailure", "True"))
    told = _condition(held, "NamespaceDeletionDiscoveryFailure")
    assert told["reason"] == "DiscoveryFailed"
    assert "metrics.test/v1beta1: stale GroupVersion discovery: metrics.test/v1beta1" in told["message"]
    assert _condition(held, "NamespaceContentRemaining")["status"] == "False"
    client.delete(f"{services}/{name}")
    client.until_gone(path)


def test_a_failing_webhook_holds_what_it_is_asked_about(own_client: Client) -> None:
    client = own_client
    path = "/api/v1/namespaces/held"
    client.post("/api/v1/namespaces", {"metadata": {"name": "held"}})
    client.post(f"{path}/configmaps", config_map("a"))
    webhook = {
        "name": "deny.example.test",
        "clientConfig": {"service": {"name": "gone", "namespace": "default", "path": "/check"}},
        "rules": [{"operations": ["DELETE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"]}],
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
    }
    kinds = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
    client.post(kinds, {"metadata": {"name": "deny"}, "webhooks": [webhook]})
    refused = client.call("DELETE", f"{path}/configmaps/a")
    assert (refused.code, refused.reason) == (500, "InternalError")
    assert refused.message == (
        'Internal error occurred: failed calling webhook "deny.example.test": failed to call webhook: '
        'Post "https://gone.default.svc:443/check?timeout=10s": service "gone" not found'
    )
    client.post(f"{path}/configmaps", config_map("created-all-the-same"))

    client.delete(path)
    held = client.until(path, _says("NamespaceDeletionContentFailure", "True"))
    told = _condition(held, "NamespaceDeletionContentFailure")
    assert told["reason"] == "ContentDeletionFailed"
    assert told["message"].startswith("Failed to delete all resource types, 1 remaining: Internal error occurred: ")
    client.patch(f"{kinds}/deny", [{"op": "replace", "path": "/webhooks/0/failurePolicy", "value": "Ignore"}],
                 "application/json-patch+json")  # fmt: skip
    client.until_gone(path)


def test_what_is_left_behind_comes_back_with_the_name(own_client: Client) -> None:
    """Emptying a namespace's own finalizers leaves its objects stored."""
    client = own_client
    path = "/api/v1/namespaces/lost"
    client.post("/api/v1/namespaces", {"metadata": {"name": "lost"}})
    client.post(f"{path}/configmaps", config_map("held", finalizers=["a.test/hold"]))
    going = client.delete(path)
    forced = client.call("PUT", f"{path}/finalize", {**going, "spec": {"finalizers": []}})
    assert forced.code == 200
    assert client.call("GET", path).code == 404
    client.post("/api/v1/namespaces", {"metadata": {"name": "lost"}})
    assert "held" in client.names(f"{path}/configmaps")


def test_the_namespaces_of_the_system_stay(client: Client) -> None:
    answer = client.call("DELETE", "/api/v1/namespaces/default")
    assert answer.code == 403
    assert answer.message == 'namespaces "default" is forbidden: this namespace may not be deleted'
