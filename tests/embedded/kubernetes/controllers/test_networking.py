"""Services, load balancers, ingresses, autoscalers, DaemonSets."""

from typing import Any

import pytest

from tests.embedded.kubernetes.client import Client, Object, deployment, template

_CLEANUP = "service.kubernetes.io/load-balancer-cleanup"


def _service(**own: Any) -> Object:
    spec = {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 80}]}
    return {"metadata": {"name": "web", **own}, "spec": spec}


def _addresses(thing: Object) -> list[Object]:
    return thing.get("status", {}).get("loadBalancer", {}).get("ingress", [])


def test_a_load_balancer_gets_an_address_and_is_cleaned_up(client: Client, core: str) -> None:
    path = f"{core}/services/web"
    made = client.post(f"{core}/services", _service())
    assert made["spec"]["ports"][0]["nodePort"] >= 30000
    ready = client.until(path, lambda service: bool(_addresses(service)))
    assert _addresses(ready)[0]["ip"]
    assert ready["metadata"]["finalizers"] == [_CLEANUP]
    held = client.delete(path)
    assert held["metadata"]["deletionTimestamp"]
    client.until_gone(path)


def test_a_cleanup_can_be_stuck(client: Client, core: str) -> None:
    path = f"{core}/services/web"
    client.post(f"{core}/services", _service(annotations={"simulate/load-balancer": "stuck"}))
    client.until(path, lambda service: bool(_addresses(service)))
    client.delete(path)
    client.patch(path, {"metadata": {"labels": {"looked": "at"}}})
    assert client.get(path)["metadata"]["finalizers"] == [_CLEANUP]
    client.patch(path, {"metadata": {"annotations": None}})
    client.until_gone(path)


@pytest.mark.parametrize(
    ("annotations", "address"),
    [({}, {"ip": "203.0.113.80"}), ({"simulate/address": "lb.test"}, {"hostname": "lb.test"})],
)
def test_an_ingress_publishes_an_address(client: Client, namespace: str, annotations: Object, address: Object) -> None:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    ingresses = f"/apis/networking.k8s.io/v1/namespaces/{namespace}/ingresses"
    own = {"name": "web", "annotations": annotations}
    client.post(ingresses, {"metadata": own, "spec": {"defaultBackend": backend}})
    ingress = client.until(f"{ingresses}/web", lambda ingress: bool(_addresses(ingress)))
    assert _addresses(ingress) == [address]


def test_endpoint_slices_list_the_pods_of_a_service(client: Client, core: str, apps: str, namespace: str) -> None:
    client.post(f"{core}/services", {**_service(), "spec": {**_service()["spec"], "type": "ClusterIP"}})
    client.post(f"{apps}/deployments", deployment("web"))
    slices = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"

    def serve(found: list[Object]) -> bool:
        ready = [one for part in found for one in part.get("endpoints", []) if one["conditions"]["ready"]]
        return len(ready) == 2

    (slice_,) = client.until_all(slices, serve, labelSelector="kubernetes.io/service-name=web")
    assert slice_["ports"] == [{"name": "", "port": 80, "protocol": "TCP"}]
    client.delete(f"{core}/services/web")
    client.until_gone(f"{slices}/{slice_['metadata']['name']}")


def test_an_autoscaler_keeps_its_bounds(client: Client, apps: str, namespace: str) -> None:
    client.post(f"{apps}/deployments", deployment("web", replicas=1))
    autoscalers = f"/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers"
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 3}
    client.post(autoscalers, {"metadata": {"name": "web"}, "spec": spec})
    client.until(f"{apps}/deployments/web", lambda web: web["spec"]["replicas"] == 2)
    client.patch(f"{apps}/deployments/web", {"spec": {"replicas": 9}})
    client.until(f"{apps}/deployments/web", lambda web: web["spec"]["replicas"] == 3)
    scaled = client.until(f"{autoscalers}/web", lambda one: one.get("status", {}).get("currentReplicas") == 3)
    assert scaled["status"]["lastScaleTime"]
    entries = client.get(f"{apps}/deployments/web")["metadata"]["managedFields"]
    assert ("kube-controller-manager", "scale") in {(one["manager"], one.get("subresource")) for one in entries}


def test_a_daemon_set_runs_on_each_node(client: Client, apps: str, core: str) -> None:
    spec = {"selector": {"matchLabels": {"app": "log"}}, "template": template("log")}
    client.post(f"{apps}/daemonsets", {"metadata": {"name": "log"}, "spec": spec})
    client.until(f"{apps}/daemonsets/log", lambda one: one.get("status", {}).get("numberReady") == 1)
    (old,) = client.names(f"{core}/pods")
    client.patch(f"{apps}/daemonsets/log", {"spec": {"template": {"metadata": {"annotations": {"v": "2"}}}}})
    client.until_gone(f"{core}/pods/{old}")
    client.until(
        f"{apps}/daemonsets/log",
        lambda one: one["status"]["numberReady"] == one["status"]["updatedNumberScheduled"] == 1,
    )
