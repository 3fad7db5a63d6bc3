"""The built-in kinds, as a real API server serves them; those that nobody here needs are left out."""

from dataclasses import dataclass

from embedded.kubernetes.resources import ALL_VERBS, Resource, Resources
from embedded.kubernetes.schema.built_in import Definitions, definition_name

_APPS, _BATCH, _NETWORKING = "apps/v1", "batch/v1", "networking.k8s.io/v1"
_RBAC, _ADMISSION = "rbac.authorization.k8s.io/v1", "admissionregistration.k8s.io/v1"


@dataclass(frozen=True)
class Kind:
    """A built-in kind: what a Resource says, without its schema."""

    api_version: str
    kind: str
    plural: str
    short_names: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    namespaced: bool = True
    categories: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ALL_VERBS

    @property
    def group(self) -> str:
        return self.api_version.rpartition("/")[0]

    @property
    def version(self) -> str:
        return self.api_version.rpartition("/")[2]


_STATUS, _SCALED, _ALL = ("status",), ("scale", "status"), ("all",)

BUILT_IN = (
    Kind("v1", "ConfigMap", "configmaps", ("cm",)),
    Kind("v1", "Endpoints", "endpoints", ("ep",)),
    Kind("v1", "Event", "events", ("ev",)),
    Kind("v1", "LimitRange", "limitranges", ("limits",)),
    Kind("v1", "Namespace", "namespaces", ("ns",), ("finalize", "status"), namespaced=False),
    Kind("v1", "Node", "nodes", ("no",), _STATUS, namespaced=False),
    Kind("v1", "PersistentVolumeClaim", "persistentvolumeclaims", ("pvc",), _STATUS),
    Kind("v1", "PersistentVolume", "persistentvolumes", ("pv",), _STATUS, namespaced=False),
    Kind("v1", "Pod", "pods", ("po",), ("eviction", "log", "status"), categories=_ALL),
    Kind("v1", "ResourceQuota", "resourcequotas", ("quota",), _STATUS),
    Kind("v1", "Secret", "secrets"),
    Kind("v1", "ServiceAccount", "serviceaccounts", ("sa",), ("token",)),
    Kind("v1", "Service", "services", ("svc",), _STATUS, categories=_ALL),
    Kind(_ADMISSION, "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", namespaced=False),
    Kind(_ADMISSION, "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", namespaced=False),
    Kind(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "customresourcedefinitions",
        ("crd", "crds"),
        _STATUS,
        namespaced=False,
    ),
    Kind("apiregistration.k8s.io/v1", "APIService", "apiservices", (), _STATUS, namespaced=False),
    Kind(_APPS, "ControllerRevision", "controllerrevisions"),
    Kind(_APPS, "DaemonSet", "daemonsets", ("ds",), _STATUS, categories=_ALL),
    Kind(_APPS, "Deployment", "deployments", ("deploy",), _SCALED, categories=_ALL),
    Kind(_APPS, "ReplicaSet", "replicasets", ("rs",), _SCALED, categories=_ALL),
    Kind(_APPS, "StatefulSet", "statefulsets", ("sts",), _SCALED, categories=_ALL),
    Kind("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", ("hpa",), _STATUS, categories=_ALL),
    Kind(_BATCH, "CronJob", "cronjobs", ("cj",), _STATUS, categories=_ALL),
    Kind(_BATCH, "Job", "jobs", (), _STATUS, categories=_ALL),
    Kind("coordination.k8s.io/v1", "Lease", "leases"),
    Kind("discovery.k8s.io/v1", "EndpointSlice", "endpointslices"),
    Kind(_NETWORKING, "IngressClass", "ingressclasses", namespaced=False),
    Kind(_NETWORKING, "Ingress", "ingresses", ("ing",), _STATUS),
    Kind(_NETWORKING, "NetworkPolicy", "networkpolicies", ("netpol",)),
    Kind("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", ("pdb",), _STATUS),
    Kind(_RBAC, "ClusterRoleBinding", "clusterrolebindings", namespaced=False),
    Kind(_RBAC, "ClusterRole", "clusterroles", namespaced=False),
    Kind(_RBAC, "RoleBinding", "rolebindings"),
    Kind(_RBAC, "Role", "roles"),
    Kind("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", ("pc",), namespaced=False),
    Kind("storage.k8s.io/v1", "StorageClass", "storageclasses", ("sc",), namespaced=False),
)

#: Questions to the server: created, answered, and not kept.
REVIEWS = (
    Kind("authentication.k8s.io/v1", "TokenReview", "tokenreviews", namespaced=False, verbs=("create",)),
    Kind("authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", namespaced=False, verbs=("create",)),
    Kind("authorization.k8s.io/v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", verbs=("create",)),
    Kind(
        "authorization.k8s.io/v1",
        "SelfSubjectAccessReview",
        "selfsubjectaccessreviews",
        namespaced=False,
        verbs=("create",),
    ),
    Kind("authorization.k8s.io/v1", "SubjectAccessReview", "subjectaccessreviews", namespaced=False, verbs=("create",)),
)


def definition_of(kind: Kind) -> str:
    return definition_name(kind.group, kind.version, kind.kind)


def built_in_resources(definitions: Definitions) -> Resources:
    return Resources(_resource(kind, definitions) for kind in (*BUILT_IN, *REVIEWS))


def _resource(kind: Kind, definitions: Definitions) -> Resource:
    return Resource(
        kind.group,
        kind.version,
        kind.kind,
        kind.plural,
        kind.namespaced,
        kind.short_names,
        kind.subresources,
        kind.categories,
        kind.verbs,
        schema=definitions.schema(kind.group, kind.version, kind.kind),
    )
