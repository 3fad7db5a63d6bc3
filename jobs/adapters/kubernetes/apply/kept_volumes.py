"""Volumes that outlived what asked for them, and may be asked for again.

Those of a service go to the next service of its name in the same environment. Those of another environment do not, not
even of one that was destroyed: who may see the one may not see the other's data, unless somebody says so.
"""

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.json import labels_of
from jobs.adapters.kubernetes.kinds import CLAIM
from jobs.adapters.kubernetes.objects import Found
from jobs.ports import ServiceRef


def was_kept(found: Found, service: ServiceRef) -> bool:
    """Whether it is a claim that nobody asks for any more, and that the service may use."""
    if found.kind != CLAIM or not labels.is_ours(found.thing, service.environment):
        return False
    return labels.KEPT in labels_of(found.thing) or left_by_namesake(found, service)


def left_by_namesake(found: Found, service: ServiceRef) -> bool:
    """Whether it is the kept claim of a service of the same name that was removed from the environment before.

    An environment has one service of a name at a time, so another id means that the other one is gone.
    """
    marks = labels_of(found.thing)
    return (
        found.kind == CLAIM
        and found.retained
        and labels.is_ours(found.thing, service.environment)
        and marks.get(labels.NAME) == service.name
        and marks.get(labels.SERVICE) != service.id
    )


def how_to_hand_over(found: Found, service: ServiceRef) -> str | None:
    """What makes a kept claim of another environment the service's, for a message; None for what is none."""
    marks = labels_of(found.thing)
    if found.kind != CLAIM or not found.retained or marks.get(labels.MANAGED_BY) != labels.MANAGER:
        return None
    if labels.is_ours(found.thing, service.environment) or marks.get(labels.NAME) != service.name:
        return None
    return (
        f"It was kept there with its data. Remove it, or hand it over if nothing uses it: "
        f"kubectl label --overwrite -n {service.environment.namespace} pvc/{found.name} "
        f"{labels.ENVIRONMENT}={service.environment.id}"
    )
