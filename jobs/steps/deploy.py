"""The DEPLOY stage: apply, wait for the rollout, remove what is no longer asked for."""

from jobs.context import Done, Outcome, Skipped, StepContext
from jobs.ports import Desired


def apply(context: StepContext) -> Outcome:
    desired = _desired(context)
    context.records.start_release(desired.image)
    objects = context.ports.cluster.apply(context.service, desired)
    return Done(f"Applied {_counted(len(objects), 'object')}.", count=len(objects))


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


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
