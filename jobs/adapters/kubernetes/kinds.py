"""The kinds that we apply, and where the API keeps them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind, as the API's paths name it."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool = True

    def path(self, namespace: str | None = None, name: str | None = None) -> str:
        """Of one object, or of the collection; without a namespace of all of them."""
        root = f"/apis/{self.api_version}" if "/" in self.api_version else f"/api/{self.api_version}"
        inside = f"/namespaces/{namespace}" if namespace and self.namespaced else ""
        return f"{root}{inside}/{self.plural}" + (f"/{name}" if name else "")

    @property
    def group(self) -> str:
        return self.api_version.rpartition("/")[0]


NAMESPACE = Kind("v1", "Namespace", "namespaces", namespaced=False)
PERSISTENT_VOLUME = Kind("v1", "PersistentVolume", "persistentvolumes", namespaced=False)
CONFIG_MAP = Kind("v1", "ConfigMap", "configmaps")
SECRET = Kind("v1", "Secret", "secrets")
SERVICE = Kind("v1", "Service", "services")
POD = Kind("v1", "Pod", "pods")
EVENT = Kind("v1", "Event", "events")
CLAIM = Kind("v1", "PersistentVolumeClaim", "persistentvolumeclaims")
DEPLOYMENT = Kind("apps/v1", "Deployment", "deployments")
REPLICA_SET = Kind("apps/v1", "ReplicaSet", "replicasets")
STATEFUL_SET = Kind("apps/v1", "StatefulSet", "statefulsets")
DAEMON_SET = Kind("apps/v1", "DaemonSet", "daemonsets")
JOB = Kind("batch/v1", "Job", "jobs")
CRON_JOB = Kind("batch/v1", "CronJob", "cronjobs")
INGRESS = Kind("networking.k8s.io/v1", "Ingress", "ingresses")
AUTOSCALER = Kind("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers")
DISRUPTION_BUDGET = Kind("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets")

#: What can be applied at once, wave by wave: what others refer to comes first. Removed in the reverse order.
WAVES = (
    (CONFIG_MAP, SECRET, CLAIM, SERVICE),
    (DEPLOYMENT, STATEFUL_SET, CRON_JOB),
    (AUTOSCALER, DISRUPTION_BUDGET, INGRESS),
)
APPLIED = tuple(kind for wave in WAVES for kind in wave)
#: What runs pods, owners before what they own.
WORKLOADS = (CRON_JOB, DEPLOYMENT, STATEFUL_SET, DAEMON_SET, JOB, REPLICA_SET, POD)
#: What tells how an operation gets on.
WATCHED = (POD, DEPLOYMENT, STATEFUL_SET, CRON_JOB, JOB, INGRESS, SERVICE, CLAIM, PERSISTENT_VOLUME, NAMESPACE)

_BY_KIND = {kind.kind: kind for kind in (*APPLIED, *WORKLOADS, NAMESPACE)}


def kind_of(manifest_kind: str) -> Kind:
    return _BY_KIND[manifest_kind]
