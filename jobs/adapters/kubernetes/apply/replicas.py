"""Who says how many pods a workload has: the configuration, or an autoscaler.

An autoscaler writes the same field as we do, so the field is never forced on one, and never dropped before the
autoscaler owns it: a dropped one would be set to 1 and the pods taken away.
"""

from collections.abc import Iterable

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.apply.field_owners import owns
from jobs.adapters.kubernetes.json import JsonObject, name_of, part
from jobs.adapters.kubernetes.kinds import AUTOSCALER
from jobs.ports import ServiceRef

#: A workload by kind and name.
Workload = tuple[str, str]


def scaled_by_others(api: Api, service: ServiceRef) -> frozenset[Workload]:
    """The workloads of the namespace that autoscalers of somebody else scale.

    One of ours that is still there although nothing asks for it any more has no say: it is about to be removed.
    """
    found = api.items(AUTOSCALER.path(service.environment.namespace))
    return frozenset(_target(one) for one in found if not labels.is_ours(one, service.environment, service))


def first_replicas(wanted: Iterable[JsonObject]) -> dict[Workload, int]:
    """How many pods the workloads that an autoscaler among `wanted` scales should begin with."""
    return {_target(one): part(one, "spec").get("minReplicas", 1) for one in wanted if one["kind"] == AUTOSCALER.kind}


def with_replicas(
    wanted: JsonObject, live: JsonObject | None, others: frozenset[Workload], first: dict[Workload, int]
) -> JsonObject:
    """`wanted` with the replicas that may be applied, if any."""
    workload = wanted["kind"], name_of(wanted)
    if workload not in others and workload not in first:
        return wanted
    if live is None:
        return _saying(wanted, first.get(workload))
    return _saying(wanted, part(live, "spec").get("replicas") if owns(live, "spec", "replicas") else None)


def _saying(wanted: JsonObject, replicas: int | None) -> JsonObject:
    spec = {name: value for name, value in part(wanted, "spec").items() if name != "replicas"}
    return {**wanted, "spec": spec if replicas is None else {**spec, "replicas": replicas}}


def _target(autoscaler: JsonObject) -> Workload:
    target = part(autoscaler, "spec", "scaleTargetRef")
    return target.get("kind", ""), target.get("name", "")
