"""Lists the pods behind each service."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.children import is_ready
from embedded.kubernetes.controllers.loop import Key, itself, key_of
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import (
    Object,
    controller_of,
    is_deleting,
    labels_of,
    name_of,
    namespace_of,
    owner_reference,
    part,
    parts,
    uid_of,
    value_at,
)
from embedded.kubernetes.selectors import selects

_SERVICES, _SLICES = "services", "endpointslices.discovery.k8s.io"
_MANAGED_BY = {"endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}


class EndpointSlices:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name != "pods":
            return itself(change, _SERVICES)
        namespace = key_of(change)[0]
        services = self._cluster.store.all(_SERVICES, namespace)
        return [(namespace, name_of(one)) for one in services if _serves(one, change.object)]

    def reconcile(self, key: Key) -> float | None:
        service = self._cluster.store.get(_SERVICES, *key)
        if service is None or is_deleting(service) or not part(service, "spec").get("selector"):
            return
        namespace = namespace_of(service)
        pods = [pod for pod in self._cluster.store.all("pods", namespace) if _serves(service, pod)]
        content = {
            "addressType": "IPv4",
            "endpoints": [_endpoint(pod) for pod in pods if value_at(pod, "status", "podIP")],
            "ports": [
                {"name": port.get("name", ""), "port": _target(port), "protocol": port.get("protocol", "TCP")}
                for port in parts(service, "spec", "ports")
            ],
        }
        slices = self._cluster.store.all(_SLICES, namespace)
        slice_ = next((one for one in slices if controller_of(one) == uid_of(service)), None)
        if slice_ is None:
            own: Object = {
                "generateName": f"{name_of(service)}-",
                "labels": {**labels_of(service), **_MANAGED_BY, "kubernetes.io/service-name": name_of(service)},
                "ownerReferences": [owner_reference(service)],
            }
            self._cluster.create(_SLICES, namespace, {"metadata": own, **content})
        elif {**slice_, **content} != slice_:
            self._cluster.store.put(self._cluster.resources.named(_SLICES), {**slice_, **content})


def _serves(service: Object, pod: Object) -> bool:
    selector = part(service, "spec", "selector")
    return bool(selector) and selects({"matchLabels": selector}, labels_of(pod))


def _endpoint(pod: Object) -> Object:
    ready = is_ready(pod) and not is_deleting(pod)
    return {
        "addresses": [part(pod, "status")["podIP"]],
        "conditions": {"ready": ready, "serving": is_ready(pod), "terminating": is_deleting(pod)},
        "nodeName": part(pod, "spec")["nodeName"],
        "targetRef": {"kind": "Pod", "namespace": namespace_of(pod), "name": name_of(pod), "uid": uid_of(pod)},
    }


def _target(port: Object) -> int:
    """A port that is named is not looked up: nobody connects."""
    target = port.get("targetPort")
    return target if isinstance(target, int) else port["port"]
