"""How an operation gets on, step by step. Every write is under the lease's fence and in one transaction."""

from collections.abc import Sequence

from sqlmodel import Session, col, select, update

from models.clock import database_clock
from models.columns import now
from models.environment import Environment
from models.health import LOOKED_AT
from models.operation import BlockerRecord, Facts, Operation, OperationStep
from models.operations.lease import Lease, hold
from models.operations.pipeline import show_in_pipeline
from models.steps import REMOVALS
from models.vocabulary import OperationKind, OperationStatus, StepStatus

_REMOVING = (OperationKind.DELETE_SERVICE, OperationKind.DESTROY_ENVIRONMENT)


class Stopped(Exception):
    """Somebody asked the operation to stop: it does so before this step."""


def steps_in_order(session: Session, operation_id: str) -> Sequence[OperationStep]:
    return session.exec(
        select(OperationStep)
        .where(OperationStep.operation_id == operation_id)
        .order_by(col(OperationStep.position))
        .execution_options(populate_existing=True)
    ).all()


def begin_step(session: Session, lease: Lease, name: str) -> OperationStep:
    """Marks the step RUNNING and counts the attempt, unless it only looks again. Raises LeaseLost, Stopped."""
    operation = hold(session, lease)
    if operation.status is OperationStatus.CANCELLING:
        raise Stopped(lease.operation_id)
    step = _step(session, lease, name)
    if operation.kind in _REMOVING and name in REMOVALS:
        operation.removal_began = True
    if not step.waiting:
        step.attempts += 1
    step.waiting = False
    seen = step.status is StepStatus.RUNNING
    step.status = StepStatus.RUNNING
    step.started_at = step.started_at or now()
    _save(session, operation, step, visible=not seen)
    return step


def end_step(
    session: Session,
    lease: Lease,
    name: str,
    status: StepStatus,
    *,
    message: str | None,
    facts: Facts | None = None,
    blockers: Sequence[BlockerRecord] = (),
    done: int | None = None,
) -> None:
    """The step has ended: SUCCEEDED, SKIPPED or FAILED. Raises LeaseLost."""
    if status is not StepStatus.FAILED:
        _tell_of_cluster(session, lease.environment_id, silent=False)
    operation = hold(session, lease)
    step = _step(session, lease, name)
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
        operation.facts = facts
    _save(session, operation, step)


def wait_step(
    session: Session,
    lease: Lease,
    name: str,
    *,
    message: str,
    blockers: Sequence[BlockerRecord],
    done: int | None,
    total: int | None,
    left: int | None,
    seconds: float,
) -> float:
    """The outside works on it: look again after `seconds` at the latest. Raises LeaseLost.

    Returns for how many seconds nothing has moved.
    """
    operation = hold(session, lease)
    step = _step(session, lease, name)
    if left is not None:
        total = max(step.total or 0, left)
        done = total - left
    moved = (step.message, step.done, step.total, step.blockers) != (message, done or 0, total, list(blockers))
    visible = (step.message, step.done, step.total) != (message, done or 0, total)
    now_there = session.exec(select(database_clock())).one()
    if moved or not step.still_since:
        step.still_since = now_there
    step.waiting = True
    step.message = message
    step.blockers = list(blockers)
    step.done, step.total = done or 0, total
    _save(session, operation, step, visible=visible)
    _try_after(session, step, seconds)
    return now_there - step.still_since


def retry_step(
    session: Session,
    lease: Lease,
    name: str,
    *,
    message: str,
    blockers: Sequence[BlockerRecord],
    seconds: float,
    cluster_silent: bool = False,
) -> None:
    """It failed for a reason that may pass: try again after `seconds`. Raises LeaseLost.

    `cluster_silent`: because the cluster does not answer, which holds up all that is done in the environment.
    """
    _tell_of_cluster(session, lease.environment_id, silent=cluster_silent)
    operation = hold(session, lease)
    step = _step(session, lease, name)
    step.status = StepStatus.RETRYING
    step.waiting = False
    step.message = message
    step.blockers = list(blockers)
    _save(session, operation, step)
    _try_after(session, step, seconds)


def _tell_of_cluster(session: Session, environment_id: str, *, silent: bool) -> None:
    """Before the operation is locked: whoever changes an environment locks its row first."""
    environment = session.get_one(Environment, environment_id)
    trouble = f"Cluster {environment.cluster!r} does not answer." if silent else None
    session.exec(
        update(Environment)
        .where(
            col(Environment.id) == environment_id,
            col(Environment.phase).not_in(LOOKED_AT),
            col(Environment.cluster_trouble).is_distinct_from(trouble),
        )
        .values(cluster_trouble=trouble)
    )


def park(session: Session, lease: Lease, wakes_seen: int) -> None:
    """Gives the operation up until its next step is due, or at once if somebody woke it meanwhile.

    Raises LeaseLost.
    """
    operation = hold(session, lease)
    waiting = [step.try_at for step in steps_in_order(session, operation.id) if _open(step)]
    operation.owner = None
    operation.lease_until = 0
    operation.wake_at = 0 if operation.wakes != wakes_seen else min(waiting, default=0)
    session.add(operation)


def _open(step: OperationStep) -> bool:
    return step.status in (StepStatus.RETRYING, StepStatus.RUNNING)


def _step(session: Session, lease: Lease, name: str) -> OperationStep:
    statement = select(OperationStep).where(
        OperationStep.operation_id == lease.operation_id, OperationStep.name == name
    )
    return session.exec(statement.execution_options(populate_existing=True)).one()


def _save(session: Session, operation: Operation, step: OperationStep, *, visible: bool = True) -> None:
    if visible:
        operation.version += 1
        show_in_pipeline(session, operation, step)
    session.add(operation)
    session.add(step)
    session.flush()


def _try_after(session: Session, step: OperationStep, seconds: float) -> None:
    session.exec(
        update(OperationStep)
        .where(col(OperationStep.operation_id) == step.operation_id, col(OperationStep.position) == step.position)
        .values(try_at=database_clock() + seconds)
        .execution_options(synchronize_session=False)
    )
