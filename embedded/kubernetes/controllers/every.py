"""All controllers of the cluster."""

from embedded.kubernetes.access.tokens import Tokens
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.account_tokens import AccountTokens
from embedded.kubernetes.controllers.accounts import Accounts
from embedded.kubernetes.controllers.api_services import ApiServices
from embedded.kubernetes.controllers.autoscalers import Autoscalers
from embedded.kubernetes.controllers.claims import Claims
from embedded.kubernetes.controllers.cron_jobs import CronJobs
from embedded.kubernetes.controllers.daemon_sets import DaemonSets
from embedded.kubernetes.controllers.definitions import CustomDefinitions
from embedded.kubernetes.controllers.deployments import Deployments
from embedded.kubernetes.controllers.endpoint_slices import EndpointSlices
from embedded.kubernetes.controllers.garbage import GarbageCollector
from embedded.kubernetes.controllers.ingresses import Ingresses
from embedded.kubernetes.controllers.jobs import Jobs
from embedded.kubernetes.controllers.load_balancers import LoadBalancers
from embedded.kubernetes.controllers.loop import Controller
from embedded.kubernetes.controllers.namespaces import Namespaces
from embedded.kubernetes.controllers.quotas import Quotas
from embedded.kubernetes.controllers.replica_sets import ReplicaSets
from embedded.kubernetes.controllers.stateful_sets import StatefulSets
from embedded.kubernetes.controllers.volumes import Volumes
from embedded.kubernetes.node.kubelet import Kubelet


def every_controller(cluster: Cluster, tokens: Tokens, authority: str) -> list[Controller]:
    """`authority` is the certificate (PEM) that pods trust."""
    return [
        Accounts(cluster, authority),
        AccountTokens(cluster, tokens, authority),
        ApiServices(cluster),
        Autoscalers(cluster),
        Claims(cluster),
        CronJobs(cluster),
        CustomDefinitions(cluster),
        DaemonSets(cluster),
        Deployments(cluster),
        EndpointSlices(cluster),
        GarbageCollector(cluster),
        Ingresses(cluster),
        Jobs(cluster),
        Kubelet(cluster),
        LoadBalancers(cluster),
        Namespaces(cluster),
        Quotas(cluster),
        ReplicaSets(cluster),
        StatefulSets(cluster),
        Volumes(cluster),
    ]
