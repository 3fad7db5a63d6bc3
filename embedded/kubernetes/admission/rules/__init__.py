"""Which objects are valid, kind by kind, and what of them may change: the rules and words of Kubernetes' validation."""

from collections.abc import Callable, Iterator, Mapping

from embedded.kubernetes.admission.rules import (
    autoscaling,
    batch,
    claims,
    cluster,
    data,
    ingresses,
    pods,
    services,
    stateful_sets,
    workloads,
)
from embedded.kubernetes.admission.rules.metadata import check_metadata
from embedded.kubernetes.causes import Cause
from embedded.kubernetes.errors import invalid
from embedded.kubernetes.objects import Object, name_of
from embedded.kubernetes.resources import Resource

#: Gets the object, and what it was before if it is changed.
Check = Callable[[Object, Object | None], Iterator[Cause]]

_BY_KIND: Mapping[str, Check] = {
    "configmaps": data.check_config_map,
    "cronjobs.batch": batch.check_cron_job,
    "customresourcedefinitions.apiextensions.k8s.io": cluster.check_definition,
    "daemonsets.apps": workloads.check_workload,
    "deployments.apps": workloads.check_deployment,
    "horizontalpodautoscalers.autoscaling": autoscaling.check_autoscaler,
    "ingresses.networking.k8s.io": ingresses.check_ingress,
    "jobs.batch": batch.check_job,
    "persistentvolumeclaims": claims.check_claim,
    "poddisruptionbudgets.policy": autoscaling.check_disruption_budget,
    "pods": pods.check_pod,
    "replicasets.apps": workloads.check_workload,
    "rolebindings.rbac.authorization.k8s.io": cluster.check_binding,
    "clusterrolebindings.rbac.authorization.k8s.io": cluster.check_binding,
    "secrets": data.check_secret,
    "services": services.check_service,
    "statefulsets.apps": stateful_sets.check_stateful_set,
}


def check(thing: Object, resource: Resource, before: Object | None) -> None:
    """Raises ApiError (422) that names everything that is wrong with the object."""
    causes = list(check_metadata(thing, resource, before))
    if rules := _BY_KIND.get(resource.name):
        causes += rules(thing, before)
    if causes:
        raise invalid(resource, name_of(thing), causes)
