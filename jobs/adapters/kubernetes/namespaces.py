"""The environment's namespace: whether it is ours, and giving it back."""

from jobs.adapters.kubernetes.api import MERGE, Api
from jobs.adapters.kubernetes.json import condition, uid_of
from jobs.adapters.kubernetes.kinds import NAMESPACE
from jobs.adapters.kubernetes.labels import environment_labels, is_ours
from jobs.adapters.kubernetes.objects import Found
from jobs.errors import Blocker
from jobs.ports import EnvironmentRef

#: Objects can't be deleted: a webhook that is down, for example, which leaves no finalizer on them.
DELETION_FAILS = "NamespaceDeletionContentFailure"
#: What namespace termination reports, each with status True while it blocks.
#: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/
_CONDITIONS = (
    "NamespaceDeletionDiscoveryFailure",
    "NamespaceDeletionGroupVersionParsingFailure",
    DELETION_FAILS,
    "NamespaceContentRemaining",
    "NamespaceFinalizersRemaining",
)


def own_namespace(api: Api, environment: EnvironmentRef) -> Found | None:
    """The environment's namespace if we created it. One of the same name with another uid is somebody else's."""
    if environment.namespace_uid is None:
        return None
    namespace = api.find(NAMESPACE.path(name=environment.namespace))
    if namespace is None or uid_of(namespace) != environment.namespace_uid or not is_ours(namespace, environment):
        return None
    return Found(NAMESPACE, namespace)


def give_back(api: Api, namespace: Found, environment: EnvironmentRef) -> None:
    """Takes our labels off: from now on it belongs to those whose objects are in it."""
    labels = dict.fromkeys(environment_labels(environment))
    body = {"metadata": {"uid": namespace.uid, "labels": labels}}
    api.call("PATCH", namespace.path, body=body, content_type=MERGE)


def conditions(namespace: Found) -> list[Blocker]:
    """What keeps a namespace from going, as its controller tells it."""
    blocking = [condition(namespace.thing, kind) for kind in _CONDITIONS]
    return [
        Blocker("Namespace", namespace.name, f"{one['type']}: {one.get('message', '')}")
        for one in blocking
        if one.get("status") == "True"
    ]
