"""The namespace of an environment: ours when we created it, else only used."""

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.json import JsonObject, labels_of, metadata, name_of, uid_of
from jobs.adapters.kubernetes.kinds import NAMESPACE
from jobs.adapters.kubernetes.labels import ENVIRONMENT, MANAGED_BY, MANAGER, environment_labels
from jobs.adapters.kubernetes.namespaces import conditions
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.refusals import Conflict
from jobs.errors import Blocker, NotYet, Permanent, Transient
from jobs.ports import EnvironmentRef, Namespace

#: One is enough, but for a namespace that goes and comes while we look.
_LOOKS = 3


def ensure_namespace(api: Api, environment: EnvironmentRef) -> Namespace:
    """As `Cluster.ensure_namespace`."""
    path = NAMESPACE.path(name=environment.namespace)
    for _ in range(_LOOKS):
        live = api.find(path)
        if live is not None:
            return _whose(live, environment)
        try:
            return Namespace(uid_of(_create(api, environment)), ours=True)
        except Conflict:
            continue
    raise Transient(f"Namespace {environment.namespace} comes and goes.")


def _create(api: Api, environment: EnvironmentRef) -> JsonObject:
    body = {
        "apiVersion": NAMESPACE.api_version,
        "kind": NAMESPACE.kind,
        "metadata": {"name": environment.namespace, "labels": environment_labels(environment)},
    }
    return api.call("POST", NAMESPACE.path(), query={"fieldManager": MANAGER}, body=body)


def _whose(live: JsonObject, environment: EnvironmentRef) -> Namespace:
    name, labels = name_of(live), labels_of(live)
    if metadata(live).get("deletionTimestamp"):
        blockers = conditions(Found(NAMESPACE, live)) or [Blocker("Namespace", name, "is being deleted")]
        raise NotYet(f"waiting until the old namespace {name} is gone", blockers=blockers)
    owner = labels.get(ENVIRONMENT) if labels.get(MANAGED_BY) == MANAGER else None
    if owner is not None and owner != environment.id:
        raise Permanent(
            f"Namespace {name} belongs to environment {owner}: destroy that one first, or choose another namespace.",
            blockers=[Blocker("Namespace", name, f"belongs to environment {owner}")],
        )
    return Namespace(uid_of(live), ours=owner is not None)
