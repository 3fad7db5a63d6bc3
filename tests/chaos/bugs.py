"""Deliberate bugs, to show that the promises can be found broken. Never outside of a test's processes."""

from collections.abc import Callable

from sqlmodel import Session

import models.operations.ending
import models.operations.history
import models.operations.progress
import models.operations.subject
from jobs import walk
from jobs.leases import Held
from jobs.sweeper import Sweeper
from models.operation import Operation
from models.operations.lease import Lease, LeaseLost


def _without_fence() -> None:
    """Whoever had a lease once goes on for ever."""

    def hold(session: Session, lease: Lease) -> Operation:
        operation = session.get(Operation, lease.operation_id, populate_existing=True, with_for_update=True)
        if operation is None:
            raise LeaseLost(lease.operation_id)
        return operation

    modules = (models.operations.ending, models.operations.history, models.operations.progress)
    for module in (*modules, models.operations.subject, walk):
        vars(module)["hold"] = hold
    Held.guard = lambda self: None


def _without_sweeper() -> None:
    """Nobody looks for what was lost."""
    Sweeper.sweep = lambda self: None


BUGS: dict[str, Callable[[], None]] = {"no fence": _without_fence, "no sweeper": _without_sweeper}
