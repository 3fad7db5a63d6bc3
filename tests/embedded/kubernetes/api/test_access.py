"""Who may do what: tokens, roles and bindings."""

import base64
from collections.abc import Generator
from contextlib import contextmanager

import httpx
import pytest

from embedded.kubernetes import RunningKubernetes
from tests.embedded.kubernetes.client import Client, Object, config_map

_RBAC = "/apis/rbac.authorization.k8s.io/v1"
_GROUP = "rbac.authorization.k8s.io"


def _rule(verbs: list[str], resources: list[str], group: str = "", **more: object) -> Object:
    return {"apiGroups": [group], "resources": resources, "verbs": verbs, **more}


def _subject(namespace: str) -> Object:
    return {"kind": "ServiceAccount", "name": "robot", "namespace": namespace}


@pytest.fixture
def robot(shared_server: RunningKubernetes, client: Client, core: str) -> Generator[Client]:
    """A client with the token of a service account that nothing is bound to."""
    client.post(f"{core}/serviceaccounts", {"metadata": {"name": "robot"}})
    with _with_token(shared_server, _token(client, core)) as robot:
        yield robot


def _token(client: Client, core: str) -> str:
    path = f"{core}/serviceaccounts/robot/token"
    return client.post(path, {"spec": {"expirationSeconds": 600}})["status"]["token"]


@contextmanager
def _with_token(server: RunningKubernetes, token: str) -> Generator[Client]:
    client = Client(server, token)
    yield client
    client.close()


def _bind(client: Client, namespace: str, rules: list[Object]) -> None:
    """A role in the namespace, bound to the robot."""
    place = f"{_RBAC}/namespaces/{namespace}"
    client.post(f"{place}/roles", {"metadata": {"name": "r"}, "rules": rules})
    role = {"apiGroup": _GROUP, "kind": "Role", "name": "r"}
    client.post(
        f"{place}/rolebindings", {"metadata": {"name": "r"}, "roleRef": role, "subjects": [_subject(namespace)]}
    )


def test_without_a_valid_token_nobody_is_let_in(shared_server: RunningKubernetes, client: Client) -> None:
    with _with_token(shared_server, "wrong") as stranger:
        for path in ("/api", "/apis", "/api/v1", "/api/v1/namespaces", "/openapi/v2"):
            answer = stranger.call("GET", path)
            assert (answer.code, answer.reason) == (401, "Unauthorized")
        assert stranger.call("GET", "/version").code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{shared_server.url}/api")


def test_what_nobody_allowed_is_named(robot: Client, namespace: str, core: str) -> None:
    user = f'User "system:serviceaccount:{namespace}:robot"'
    listing = robot.call("GET", f"{core}/pods")
    assert (listing.code, listing.reason) == (403, "Forbidden")
    why = f'{user} cannot list resource "pods" in API group "" in the namespace "{namespace}"'
    assert listing.message == f"pods is forbidden: {why}"
    named = robot.call(
        "PATCH",
        f"/apis/apps/v1/namespaces/{namespace}/deployments/web/scale",
        {},
        content="application/merge-patch+json",
    )
    why = f'{user} cannot patch resource "deployments/scale" in API group "apps" in the namespace "{namespace}"'
    assert named.message == f'deployments.apps "web" is forbidden: {why}'
    everywhere = robot.call("GET", "/api/v1/nodes")
    assert (
        everywhere.message
        == f'nodes is forbidden: {user} cannot list resource "nodes" in API group "" at the cluster scope'
    )
    assert robot.call("GET", "/apis").code == 200


def test_a_role_allows_in_its_namespace_only(robot: Client, client: Client, namespace: str, core: str) -> None:
    _bind(client, namespace, [_rule(["get", "list", "create"], ["configmaps"])])
    robot.post(f"{core}/configmaps", config_map("a"))
    assert "a" in robot.names(f"{core}/configmaps")
    assert robot.call("DELETE", f"{core}/configmaps/a").code == 403
    assert robot.call("GET", f"{core}/configmaps", watch="true").code == 403
    assert robot.call("GET", f"{core}/secrets").code == 403
    assert robot.call("GET", "/api/v1/configmaps").code == 403
    assert robot.call("GET", "/api/v1/namespaces/default/configmaps").code == 403
    assert client.get(f"{core}/configmaps/a")


def test_an_apply_that_creates_needs_create_too(robot: Client, client: Client, namespace: str, core: str) -> None:
    _bind(client, namespace, [_rule(["patch"], ["configmaps"])])
    refused = robot.apply(f"{core}/configmaps/a", config_map("a"))
    assert "cannot create resource" in refused.message
    client.post(f"{core}/configmaps", config_map("a"))
    assert robot.apply(f"{core}/configmaps/a", config_map("a")).code == 200


def test_names_and_subresources_of_rules(robot: Client, client: Client, namespace: str, core: str) -> None:
    rules = [_rule(["get", "watch"], ["secrets"], resourceNames=["mine"]), _rule(["get"], ["pods/log"])]
    _bind(client, namespace, rules)
    for name in ("mine", "yours"):
        client.post(f"{core}/secrets", {"metadata": {"name": name}})
    assert robot.get(f"{core}/secrets/mine")
    assert robot.call("GET", f"{core}/secrets/yours").code == 403
    named = "metadata.name=mine"
    assert robot.call("GET", f"{core}/secrets", watch="true", timeoutSeconds=1, fieldSelector=named).code == 200
    assert robot.call("GET", f"{core}/pods/p").code == 403
    assert robot.call("GET", f"{core}/pods/p/log").code == 404


def test_a_cluster_role_everywhere_or_in_one_namespace(
    robot: Client, client: Client, namespace: str, core: str
) -> None:
    role = {"apiGroup": _GROUP, "kind": "ClusterRole", "name": "view"}
    binding = {"metadata": {"name": namespace}, "roleRef": role, "subjects": [_subject(namespace)]}
    client.post(f"{_RBAC}/namespaces/{namespace}/rolebindings", binding)
    robot.get(f"{core}/configmaps")
    assert robot.call("GET", "/api/v1/configmaps").code == 403
    client.post(f"{_RBAC}/clusterrolebindings", binding)
    robot.get("/api/v1/configmaps")
    assert robot.call("GET", f"{core}/secrets").code == 403
    client.delete(f"{_RBAC}/clusterrolebindings/{namespace}")
    assert robot.call("GET", "/api/v1/configmaps").code == 403
    admin = {"apiGroup": _GROUP, "kind": "ClusterRole", "name": "cluster-admin"}
    changed = client.call(
        "PUT", f"{_RBAC}/namespaces/{namespace}/rolebindings/{namespace}", {**binding, "roleRef": admin}
    )
    assert changed.causes == [("FieldValueInvalid", "roleRef")]


def test_a_token_ends_with_its_account(robot: Client, client: Client, core: str) -> None:
    assert robot.call("GET", "/api").code == 200
    client.delete(f"{core}/serviceaccounts/robot")
    assert robot.call("GET", "/api").code == 401
    client.post(f"{core}/serviceaccounts", {"metadata": {"name": "robot"}})
    assert robot.call("GET", "/api").code == 401


def test_a_secret_gets_a_token(shared_server: RunningKubernetes, client: Client, robot: Client, core: str) -> None:
    own = {"name": "robot-token", "annotations": {"kubernetes.io/service-account.name": "robot"}}
    client.post(f"{core}/secrets", {"metadata": own, "type": "kubernetes.io/service-account-token"})
    secret = client.until(f"{core}/secrets/robot-token", lambda secret: "token" in secret.get("data", {}))
    token = base64.b64decode(secret["data"]["token"]).decode()
    with _with_token(shared_server, token) as other:
        assert other.call("GET", "/api").code == 200


def test_who_am_i_and_may_i(robot: Client, client: Client, namespace: str) -> None:
    _bind(client, namespace, [_rule(["get"], ["pods"])])
    me = robot.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {})["status"]["userInfo"]
    assert me["username"] == f"system:serviceaccount:{namespace}:robot"
    reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    for verb, allowed in (("get", True), ("delete", False)):
        asked = {"resourceAttributes": {"namespace": namespace, "verb": verb, "resource": "pods"}}
        assert robot.post(reviews, {"spec": asked})["status"]["allowed"] is allowed
        spec = {"user": me["username"], **asked}
        answered = client.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {"spec": spec})
        assert answered["status"]["allowed"] is allowed
    assert robot.call("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {}).code == 403
