"""What an object says where its author said nothing, kind by kind, as Kubernetes' own defaults."""

from collections.abc import Callable, Mapping

from embedded.kubernetes.admission.defaults import batch, cluster, services, storage, workloads
from embedded.kubernetes.admission.defaults.pods import complete_pod
from embedded.kubernetes.objects import Object
from embedded.kubernetes.resources import Resource

_BY_KIND: Mapping[str, Callable[[Object], None]] = {
    "cronjobs.batch": batch.complete_cron_job,
    "customresourcedefinitions.apiextensions.k8s.io": cluster.complete_definition,
    "daemonsets.apps": workloads.complete_daemon_set,
    "deployments.apps": workloads.complete_deployment,
    "horizontalpodautoscalers.autoscaling": workloads.complete_autoscaler,
    "ingresses.networking.k8s.io": services.complete_ingress,
    "jobs.batch": batch.complete_job,
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": cluster.complete_webhooks,
    "namespaces": cluster.complete_namespace,
    "persistentvolumeclaims": storage.complete_claim,
    "persistentvolumes": storage.complete_volume,
    "pods": lambda pod: complete_pod(pod.setdefault("spec", {})),
    "replicasets.apps": workloads.complete_replica_set,
    "secrets": storage.complete_secret,
    "services": services.complete_service,
    "statefulsets.apps": workloads.complete_stateful_set,
    "storageclasses.storage.k8s.io": storage.complete_class,
    "validatingwebhookconfigurations.admissionregistration.k8s.io": cluster.complete_webhooks,
}


def complete(thing: Object, resource: Resource) -> None:
    """Changes the object."""
    if fill := _BY_KIND.get(resource.name):
        fill(thing)
