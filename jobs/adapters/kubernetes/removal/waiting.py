"""What is still there after it was deleted, and why."""

from collections.abc import Sequence

from jobs.adapters.kubernetes.kinds import WATCHED
from jobs.adapters.kubernetes.objects import Found, listed
from jobs.errors import Blocker, NotYet

#: Of some kinds nobody tells when they are gone, which most are within this time.
_SOON_SECONDS = 1.0
_LATER_SECONDS = 15.0
_MOST_BLOCKERS = 50


def require_gone(left: Sequence[Found]) -> None:
    """Raises NotYet while something is left, those with a finalizer as the first blockers."""
    if not left:
        return
    held = [one for one in left if one.finalizers]
    reason = f"{len(left)} still there: {listed(held or left)}."
    told = held or all(one.kind in WATCHED for one in left)
    raise NotYet(reason, blockers=blockers(left), left=len(left), look_again=_LATER_SECONDS if told else _SOON_SECONDS)


def blockers(left: Sequence[Found]) -> list[Blocker]:
    ordered = sorted(left, key=lambda one: (not one.finalizers, one.kind.kind, one.name))
    return [Blocker(one.kind.kind, one.name, _why(one)) for one in ordered[:_MOST_BLOCKERS]]


def _why(one: Found) -> str:
    if one.finalizers:
        return f"waits for finalizer {', '.join(one.finalizers)}"
    if one.terminates_at is not None:
        return f"terminates, and has until {one.terminates_at}"
    return "is not deleted yet"
