"""The cluster roles that every cluster has."""

from embedded.kubernetes.objects import Object

_READ = ["get", "list", "watch"]
_WRITE = ["create", "delete", "deletecollection", "patch", "update"]
_GROUPS = ["", "apps", "autoscaling", "batch", "discovery.k8s.io", "networking.k8s.io", "policy"]
_SHOWN = [
    "configmaps",
    "controllerrevisions",
    "cronjobs",
    "daemonsets",
    "deployments",
    "deployments/scale",
    "endpoints",
    "endpointslices",
    "events",
    "horizontalpodautoscalers",
    "ingresses",
    "jobs",
    "limitranges",
    "namespaces",
    "networkpolicies",
    "persistentvolumeclaims",
    "poddisruptionbudgets",
    "pods",
    "pods/log",
    "replicasets",
    "replicasets/scale",
    "resourcequotas",
    "serviceaccounts",
    "services",
    "statefulsets",
    "statefulsets/scale",
]
_FIXED = ("events", "limitranges", "namespaces", "pods/log", "resourcequotas")
_EDITED = [*(one for one in _SHOWN if one not in _FIXED), "secrets"]

_VIEW = {"apiGroups": _GROUPS, "resources": _SHOWN, "verbs": _READ}
_EDIT = {"apiGroups": _GROUPS, "resources": _EDITED, "verbs": [*_READ, *_WRITE]}
_ROLES = {
    "apiGroups": ["rbac.authorization.k8s.io"],
    "resources": ["rolebindings", "roles"],
    "verbs": [*_READ, *_WRITE],
}

CLUSTER_ROLES: dict[str, list[Object]] = {
    "admin": [_VIEW, _EDIT, _ROLES],
    "cluster-admin": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
    "edit": [_VIEW, _EDIT],
    "view": [_VIEW],
}
