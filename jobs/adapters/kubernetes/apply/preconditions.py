"""What must hold of an object before it is written: it is the service's, it stays, no newer operation wrote it."""

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.objects import Found
from jobs.errors import Blocker, NotYet, Overtaken, Permanent
from jobs.ports import ServiceRef


def check_ours(found: Found, service: ServiceRef) -> None:
    """Raises Permanent when the object is not the service's."""
    if labels.is_ours(found.thing, service.environment, service):
        return
    manager = labels.manager_of(found.thing)
    raise Permanent(
        f"{found} in namespace {service.environment.namespace} is there already and is managed by {manager}. "
        f"It was left as it is: remove it, or give the service another name.",
        blockers=[Blocker(found.kind.kind, found.name, f"is managed by {manager}")],
    )


def check_fence(found: Found, fence: int) -> None:
    """Raises Overtaken when a newer operation has written the object."""
    written = found.written_by or 0
    if written > fence:
        raise Overtaken(f"{found} was written by operation {written}, which is newer than this one ({fence}).")


def check_stays(found: Found) -> None:
    """Raises NotYet while the object is being deleted: that can't be taken back, and its name is free afterwards."""
    if found.terminates_at:
        raise NotYet(f"waiting until the old {found} is deleted", blockers=[what_holds(found)])


def what_holds(found: Found) -> Blocker:
    """Why an object whose deletion was asked for is still there."""
    if "foregroundDeletion" in found.finalizers:
        reason = "what it owns is still being deleted"
    elif found.finalizers:
        reason = f"is held by {', '.join(found.finalizers)}"
    else:
        reason = "is being deleted"
    return Blocker(found.kind.kind, found.name, reason)
