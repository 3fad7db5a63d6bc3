"""What stands in a new cluster."""

from embedded.kubernetes.access.roles import CLUSTER_ROLES
from embedded.kubernetes.admission.defaults.storage import DEFAULT_CLASS
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.node.kubelet import NODE
from embedded.kubernetes.objects import Object, name_of, timestamp

_PROVISIONER = "embedded/provisioner"
_CLASS_MARK = {"storageclass.kubernetes.io/is-default-class": "true"}
_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


def furnish(cluster: Cluster) -> None:
    """Makes what is missing of it."""
    for name in _NAMESPACES:
        _make(cluster, "namespaces", {"metadata": {"name": name}})
    standard = {"metadata": {"name": DEFAULT_CLASS, "annotations": _CLASS_MARK}, "reclaimPolicy": "Delete"}
    retained = {"metadata": {"name": "retained"}, "reclaimPolicy": "Retain"}
    for one in (standard, retained):
        storage_class: Object = {**one, "provisioner": _PROVISIONER, "allowVolumeExpansion": True}
        _make(cluster, "storageclasses.storage.k8s.io", storage_class)
    for name, rules in CLUSTER_ROLES.items():
        _make(cluster, "clusterroles.rbac.authorization.k8s.io", {"metadata": {"name": name}, "rules": rules})
    _make(cluster, "nodes", {"metadata": {"name": NODE, "labels": {"kubernetes.io/hostname": NODE}}})
    node = cluster.store.get("nodes", "", NODE)
    if node and not node.get("status"):
        ready = {"type": "Ready", "status": "True", "reason": "KubeletReady", "lastTransitionTime": timestamp()}
        cluster.set_status("nodes", node, {"conditions": [ready], "nodeInfo": {"kubeletVersion": "v1.37.0"}})


def _make(cluster: Cluster, kind: str, thing: Object) -> None:
    if not cluster.store.get(kind, "", name_of(thing)):
        cluster.create(kind, "", thing)
