"""The frame of every object of a service: its name, its labels, and the operation that asks for it."""

from collections.abc import Mapping
from types import MappingProxyType

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.kinds import Kind
from jobs.adapters.kubernetes.labels import OPERATION, REVISION, service_labels
from jobs.ports import Desired, ServiceRef

_NONE: Mapping[str, str] = MappingProxyType({})


def marked(
    kind: Kind,
    service: ServiceRef,
    desired: Desired,
    body: JsonObject,
    *,
    name: str | None = None,
    annotations: Mapping[str, str] = _NONE,
) -> JsonObject:
    """`body` as an object of the service, called like it unless told otherwise."""
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {
            "name": name or service.name,
            "namespace": service.environment.namespace,
            "labels": service_labels(service),
            "annotations": {**operation_marks(desired.revision, desired.fence), **annotations},
        },
        **body,
    }


def operation_marks(revision: int, fence: int) -> dict[str, str]:
    return {OPERATION: str(fence), REVISION: str(revision)}
