"""Takes away what came too late: made by a worker that had lost its lease, after others had removed it.

A process can be frozen between its look at the lease and its request, and wake when a later operation has removed the
service. Nothing outside refuses to make what is not there. So a worker that finds its lease lost looks whether what it
deployed has been removed meanwhile, and then removes it once more. Ids never come back: whatever carries these is late.
"""

from collections.abc import Sequence

import structlog

from jobs.context import Step, StepContext
from jobs.errors import NotYet, Permanent, Transient
from jobs.steps import removal

log = structlog.get_logger("phaseline.late_effects")

_REMOVALS: Sequence[Step] = (
    removal.remove_pods,
    removal.remove_resources,
    removal.withdraw_dns,
    removal.remove_secrets,
)
_TRIES = 3


def take_away(context: StepContext) -> None:
    """Begins to remove whatever there is of the context's service, or environment. Waits for nothing."""
    for step in _REMOVALS:
        if (trouble := _begin(step, context)) is not None:
            log.warning("what came too late may be left", environment=context.environment.id, reason=str(trouble))


def _begin(step: Step, context: StepContext) -> Transient | Permanent | None:
    """Why it could not begin."""
    trouble: Transient | None = None
    for _ in range(_TRIES):
        try:
            step(context)
        except NotYet:
            return None  # it goes
        except Transient as passing:
            trouble = passing
        except Permanent as refusal:
            return refusal
        else:
            return None
    return trouble
