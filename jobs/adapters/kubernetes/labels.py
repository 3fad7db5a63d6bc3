"""The marks on our objects. The ids tell ours from everybody else's; names never do."""

import hashlib

from jobs.adapters.kubernetes.json import JsonObject, labels_of, part, parts
from jobs.ports import EnvironmentRef, ServiceRef

MANAGER = "phaseline"
MANAGED_BY = "app.kubernetes.io/managed-by"
#: The service's name.
NAME = "app.kubernetes.io/name"
ENVIRONMENT = "phaseline.dev/environment"
SERVICE = "phaseline.dev/service"
#: Says whose the environment is where several installations share a cluster. Older versions did not say it.
INSTALLATION = "phaseline.dev/installation"

#: The number of the operation that wrote the object: one with a lower number never writes it again.
OPERATION = "phaseline.dev/operation"
REVISION = "phaseline.dev/revision"
#: On a claim: what becomes of the volume when it is not needed any more.
ON_DELETE = "phaseline.dev/on-delete"
#: A label on a claim that nothing asks for any more and whose volume is kept.
KEPT = "phaseline.dev/kept"
#: On a workload without a deadline of its own: how long its rollout may take, in seconds.
ROLLOUT_SECONDS = "phaseline.dev/rollout-seconds"
#: On a pod template: changes with the variables, so that a change of them rolls the pods.
VARIABLES = "phaseline.dev/variables"

EVERYTHING_OF_OURS = f"{MANAGED_BY}={MANAGER}"
_MAX = 63


def environment_labels(environment: EnvironmentRef) -> dict[str, str]:
    return {
        MANAGED_BY: MANAGER,
        "app.kubernetes.io/part-of": _fitting(environment.project),
        ENVIRONMENT: environment.id,
        **({INSTALLATION: environment.installation} if environment.installation else {}),
    }


def service_labels(service: ServiceRef) -> dict[str, str]:
    return {
        **environment_labels(service.environment),
        NAME: service.name,
        "app.kubernetes.io/instance": _fitting(f"{service.environment.name}-{service.name}"),
        SERVICE: service.id,
    }


def selector(service: ServiceRef) -> dict[str, str]:
    """What a workload selects its pods by. It can't be changed later, so it holds nothing that may change."""
    return {SERVICE: service.id}


def query(environment: EnvironmentRef, service: ServiceRef | None = None) -> str:
    """The label selector of everything of an environment, or of one of its services."""
    mine = f"{ENVIRONMENT}={environment.id}"
    return f"{mine},{SERVICE}={service.id}" if service else mine


def is_ours(thing: JsonObject, environment: EnvironmentRef, service: ServiceRef | None = None) -> bool:
    labels = labels_of(thing)
    return labels.get(ENVIRONMENT) == environment.id and (service is None or labels.get(SERVICE) == service.id)


def manager_of(thing: JsonObject) -> str:
    """Who manages an object that is not ours, for a message."""
    label = labels_of(thing).get(MANAGED_BY)
    if label == MANAGER:
        return f"environment {labels_of(thing).get(ENVIRONMENT, 'unknown')}"
    writers = (entry.get("manager") for entry in parts(thing, "metadata", "managedFields") if not _tells_status(entry))
    return label or next(filter(None, writers), "an unknown manager")


def _tells_status(entry: JsonObject) -> bool:
    """Whether the entry is that of a controller which tells how the object gets on, and whose it is not."""
    fields = part(entry, "fieldsV1").keys()
    return bool(entry.get("subresource")) or ("f:status" in fields and "f:spec" not in fields)


def _fitting(text: str) -> str:
    """A label value has at most 63 characters; what is cut off is replaced by a hash of the whole."""
    if len(text) <= _MAX:
        return text
    return f"{text[: _MAX - 9]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
