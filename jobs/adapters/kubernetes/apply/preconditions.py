"""What must hold of an object before it is written: it is the service's, and it stays."""

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.apply.kept_volumes import how_to_hand_over, left_by_namesake
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.removal.waiting import blockers
from jobs.errors import Blocker, NotYet, Permanent
from jobs.ports import ServiceRef


def require_ours(found: Found, service: ServiceRef) -> None:
    """Raises Permanent when the object is not the service's, nor one that it may take over."""
    if labels.is_ours(found.thing, service.environment, service) or left_by_namesake(found, service):
        return
    manager = labels.manager_of(found.thing)
    way_out = how_to_hand_over(found, service) or ("It was left as it is: remove it, or give the service another name.")
    raise Permanent(
        f"{found} in namespace {service.environment.namespace} is there already and is managed by {manager}. {way_out}",
        blockers=[Blocker(found.kind.kind, found.name, f"is managed by {manager}")],
    )


def require_staying(found: Found) -> None:
    """Raises NotYet while the object is being deleted: that can't be taken back, and its name is free afterwards."""
    if found.terminates_at is not None:
        raise NotYet(f"waiting until the old {found} is deleted", blockers=blockers([found]))
