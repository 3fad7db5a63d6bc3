"""How an operation gets on, step by step, under its lease."""

from collections.abc import Sequence
from functools import cached_property

from sqlmodel import Session, col, select, update

from models.clock import database_clock, host_clock
from models.columns import now
from models.environment import Environment
from models.health import LOOKED_AT
from models.operation import BlockerRecord, Facts, OperationStep
from models.operations.lease import Lease, hold
from models.operations.pipeline import show_stage
from models.steps import REMOVALS, STAGE_OF
from models.vocabulary import OperationKind, OperationStatus, StepStatus
from models.workflow import Workflow

_REMOVING = (OperationKind.DELETE_SERVICE, OperationKind.DESTROY_ENVIRONMENT)
_UNDER_WAY = (StepStatus.RETRYING, StepStatus.RUNNING)


class Progress:
    """The operation and its steps as one transaction sees and changes them: read once, and nobody else's meanwhile."""

    def __init__(self, session: Session, lease: Lease) -> None:
        """Renews the lease. Raises LeaseLost."""
        self.operation = hold(session, lease)
        #: By the host's clock.
        self.renewed_at = host_clock()
        rows = session.exec(
            select(OperationStep, database_clock())
            .where(OperationStep.operation_id == lease.operation_id)
            .order_by(col(OperationStep.position))
            .execution_options(populate_existing=True)
        ).all()
        #: By name, in order.
        self.steps = {step.name: step for step, _ in rows}
        #: In seconds of the database's clock.
        self.now = rows[0][1]
        self.operation.lease_until = self.now + lease.seconds
        self._session = session

    @property
    def stopping(self) -> bool:
        """Somebody asked it to stop before its next step."""
        return self.operation.status is OperationStatus.CANCELLING

    @property
    def under_way(self) -> bool:
        """Whether a step waits for something, be it its next try."""
        return any(step.status in _UNDER_WAY for step in self.steps.values())

    def begin(self, name: str) -> OperationStep:
        """Marks the step RUNNING and counts the attempt, unless it only looks again."""
        step = self.steps[name]
        if self.operation.kind in _REMOVING and name in REMOVALS:
            self.operation.removal_began = True
        if not step.waiting:
            step.attempts += 1
        step.waiting = False
        seen = step.status is StepStatus.RUNNING
        step.status = StepStatus.RUNNING
        step.started_at = step.started_at or now()
        self._save(step, visible=not seen)
        return step

    def end(
        self,
        name: str,
        status: StepStatus,
        *,
        message: str | None,
        facts: Facts | None = None,
        blockers: Sequence[BlockerRecord] = (),
        done: int | None = None,
    ) -> None:
        """The step has ended: SUCCEEDED, SKIPPED or FAILED."""
        step = self.steps[name]
        step.status = status
        step.waiting = False
        step.message = message
        step.blockers = list(blockers)
        step.finished_at = now()
        if done is not None:
            step.done = step.total = done
        elif status is StepStatus.SUCCEEDED:
            step.done = step.total if step.total is not None else 1
            step.total = step.done
        if facts is not None:
            self.operation.facts = facts
        self._save(step)

    def wait(
        self,
        name: str,
        *,
        message: str,
        blockers: Sequence[BlockerRecord],
        done: int | None,
        total: int | None,
        left: int | None,
        seconds: float,
    ) -> float:
        """The outside works on it: look again after `seconds` at the latest.

        Returns for how many seconds nothing has moved.
        """
        step = self.steps[name]
        if left is not None:
            total = max(step.total or 0, left)
            done = total - left
        moved = (step.message, step.done, step.total, step.blockers) != (message, done or 0, total, list(blockers))
        visible = (step.message, step.done, step.total) != (message, done or 0, total)
        if moved or not step.still_since:
            step.still_since = self.now
        step.waiting = True
        step.message = message
        step.blockers = list(blockers)
        step.done, step.total = done or 0, total
        step.try_at = self.now + seconds
        self._save(step, visible=visible)
        return self.now - step.still_since

    def retry(self, name: str, *, message: str, blockers: Sequence[BlockerRecord], seconds: float) -> None:
        """It failed for a reason that may pass: try again after `seconds`."""
        step = self.steps[name]
        step.status = StepStatus.RETRYING
        step.waiting = False
        step.message = message
        step.blockers = list(blockers)
        step.try_at = self.now + seconds
        self._save(step)

    def park(self) -> None:
        """Gives the operation up until its next step is due."""
        self.operation.owner = None
        self.operation.lease_until = 0
        self.operation.wake_at = min(step.try_at for step in self.steps.values() if step.status in _UNDER_WAY)
        self._session.add(self.operation)

    def _save(self, step: OperationStep, *, visible: bool = True) -> None:
        self._session.add(step)
        if visible:
            self.operation.version += 1
            if step.name in STAGE_OF and self._workflow is not None:
                show_stage(self._workflow, step.name, list(self.steps.values()))
        self._session.add(self.operation)

    @cached_property
    def _workflow(self) -> Workflow | None:
        """The operation's pipeline run. What has no configuration has none."""
        if self.operation.revision is None:
            return None
        statement = select(Workflow).where(Workflow.operation_id == self.operation.id)
        with self._session.no_autoflush:  # more may be changed yet
            return self._session.exec(statement.execution_options(populate_existing=True)).first()


def tell_of_cluster(session: Session, environment: Environment, *, silent: bool) -> None:
    """Whether the cluster answers. Before the operation is locked: whoever changes an environment locks its row first.

    While nothing is under way, looks at the services' health tell that.
    """
    trouble = f"Cluster {environment.cluster!r} does not answer." if silent else None
    if environment.phase in LOOKED_AT or environment.cluster_trouble == trouble:
        return
    session.exec(
        update(Environment)
        .where(col(Environment.id) == environment.id, col(Environment.phase).not_in(LOOKED_AT))
        .values(cluster_trouble=trouble)
    )


def steps_in_order(session: Session, operation_id: str) -> Sequence[OperationStep]:
    return session.exec(
        select(OperationStep)
        .where(OperationStep.operation_id == operation_id)
        .order_by(col(OperationStep.position))
        .execution_options(populate_existing=True)
    ).all()
