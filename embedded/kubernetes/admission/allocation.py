"""What an object gets from the cluster: addresses, ports, a storage class, a service account."""

import ipaddress
from itertools import chain

from embedded.kubernetes.objects import Object, annotations_of, finalizers_of, made, name_of, part, parts, uid_of
from embedded.kubernetes.resources import Resource
from embedded.kubernetes.store import Store

_CLUSTER = ipaddress.ip_network("10.96.0.0/16")
_NODE_PORTS = range(30000, 32768)
#: Finalizers of what must not go while somebody uses it.
_PROTECTIONS = {
    "persistentvolumeclaims": "kubernetes.io/pvc-protection",
    "persistentvolumes": "kubernetes.io/pv-protection",
}
_DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"


def allocate(store: Store, resource: Resource, thing: Object, live: Object | None) -> None:
    """Changes the object."""
    if resource.name == "services":
        _allocate_service(store, thing, live)
    elif resource.name in _PROTECTIONS and live is None:
        own = made(thing, "metadata")
        own["finalizers"] = list(dict.fromkeys([*finalizers_of(thing), _PROTECTIONS[resource.name]]))
        if resource.name == "persistentvolumeclaims":
            _choose_class(store, made(thing, "spec"))
    elif resource.name == "pods" and live is None:
        spec = made(thing, "spec")
        spec.setdefault("serviceAccountName", "default")
        spec["serviceAccount"] = spec["serviceAccountName"]


def _allocate_service(store: Store, service: Object, live: Object | None) -> None:
    spec, before = made(service, "spec"), part(live or {}, "spec")
    if spec["type"] == "ExternalName":
        return
    if not spec.get("clusterIP"):
        spec["clusterIP"] = before.get("clusterIP") or _free_address(store, service)
    spec["clusterIPs"] = [spec["clusterIP"]]
    if spec["type"] in ("NodePort", "LoadBalancer"):
        known = {port["port"]: port.get("nodePort") for port in parts(before, "ports")}
        for port in parts(spec, "ports"):
            port["nodePort"] = port.get("nodePort") or known.get(port.get("port")) or _free_port(store, spec)


def _free_address(store: Store, service: Object) -> str:
    """Not one after the other: an address should not be another service's shortly after."""
    taken = {part(one, "spec").get("clusterIP") for one in store.all("services")}
    start = int(uid_of(service).replace("-", "")[:8], 16) % (_CLUSTER.num_addresses - 2)
    for step in range(_CLUSTER.num_addresses - 2):
        address = str(_CLUSTER[1 + (start + step) % (_CLUSTER.num_addresses - 2)])
        if address not in taken:
            return address
    raise RuntimeError("every cluster IP is taken")


def _free_port(store: Store, spec: Object) -> int:
    used = chain(parts(spec, "ports"), *(parts(one, "spec", "ports") for one in store.all("services")))
    taken = {port.get("nodePort") for port in used}
    return next(port for port in _NODE_PORTS if port not in taken)


def _choose_class(store: Store, spec: Object) -> None:
    if spec.get("storageClassName") is not None:
        return
    classes = store.all("storageclasses.storage.k8s.io")
    default = [name_of(one) for one in classes if annotations_of(one).get(_DEFAULT_CLASS) == "true"]
    if default:
        spec["storageClassName"] = default[0]
