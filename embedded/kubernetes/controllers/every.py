"""All controllers of the cluster."""

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.accounts import Accounts
from embedded.kubernetes.controllers.deployments import Deployments
from embedded.kubernetes.controllers.garbage import GarbageCollector
from embedded.kubernetes.controllers.jobs import Jobs
from embedded.kubernetes.controllers.loop import Controller
from embedded.kubernetes.controllers.namespaces import Namespaces
from embedded.kubernetes.controllers.replica_sets import ReplicaSets
from embedded.kubernetes.node.kubelet import Kubelet


def every_controller(cluster: Cluster, authority: str) -> list[Controller]:
    """`authority` is the certificate (PEM) that pods trust."""
    return [
        Accounts(cluster, authority),
        Deployments(cluster),
        GarbageCollector(cluster),
        Jobs(cluster),
        Kubelet(cluster),
        Namespaces(cluster),
        ReplicaSets(cluster),
    ]
