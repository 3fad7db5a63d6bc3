"""The DEPLOY stage: apply, wait for the rollout, remove what is no longer asked for."""

from collections.abc import Sequence

from jobs.context import Done, Outcome, Skipped, StepContext
from jobs.ports import Desired, ObjectRef


def apply(context: StepContext) -> Outcome:
    desired = _desired(context)
    context.records.start_release(desired.image)
    applied = context.ports.cluster.apply(context.service, desired)
    count = len(applied.objects)
    return Done(f"Applied {_counted(count, 'object')}.{_adopted(applied.adopted)}", count=count)


def await_rollout(context: StepContext) -> Outcome:
    context.ports.cluster.check_rollout(context.service, _desired(context))
    return Done("The new revision runs.")


def prune(context: StepContext) -> Outcome:
    removed = context.ports.cluster.prune(context.service, _desired(context))
    if not removed:
        return Skipped("Nothing is left to remove.")
    names = ", ".join(f"{ref.kind} {ref.name}" for ref in removed)
    return Done(f"Removed {names}.", count=len(removed))


def _desired(context: StepContext) -> Desired:
    image = context.facts.image
    if image is None:
        raise LookupError("no image: the source step has not run")
    return context.desired(image)


def _adopted(claims: Sequence[ObjectRef]) -> str:
    """A database in a volume opens with the passwords that it was made with, whatever its variables say now."""
    if not claims:
        return ""
    names = ", ".join(f"{claim.kind} {claim.name}" for claim in claims)
    return f" Uses {names} again, kept from before: its data are as they were, passwords in them included."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
