"""retryOperation."""

from sqlmodel import Session, col, select, update

from models.clock import database_clock
from models.environment import Environment
from models.mutations.finding import locked_operation
from models.mutations.request import Request, claim_key, keep_result
from models.operation import Operation, OperationStep
from models.operations.service_status import show_status
from models.phases import EDITABLE, move
from models.refusals import OperationNotRetryable, PhaseConflict
from models.service import Service
from models.steps import REMOVALS
from models.vocabulary import (
    EnvironmentPhase,
    OperationKind,
    OperationStatus,
    ServiceStatus,
    StepStatus,
    WorkflowStatus,
)
from models.workflow import Workflow

_OVER = (StepStatus.SUCCEEDED, StepStatus.SKIPPED)


def retry_operation(session: Session, request: Request, *, operation_id: str) -> Operation:
    """Raises NotFound, Forbidden, InvalidInput, PhaseConflict, OperationNotRetryable, IdempotencyConflict."""
    replayed = claim_key(session, request) is not None
    environment, operation = locked_operation(session, request, operation_id)
    if replayed:
        return operation
    if operation.status not in (OperationStatus.FAILED, OperationStatus.CANCELLED):
        raise OperationNotRetryable(
            f"Operation {operation.id} is {operation.status}; only a failed or cancelled one can be retried.",
            operation.id,
        )
    _require_allowed(environment, operation)
    _require_latest(session, operation)
    resume(session, environment, operation)
    keep_result(session, request, operation.id)
    return operation


def _require_allowed(environment: Environment, operation: Operation) -> None:
    destroys = operation.kind is OperationKind.DESTROY_ENVIRONMENT
    allowed = environment.phase is EnvironmentPhase.DESTROY_FAILED if destroys else environment.phase in EDITABLE
    if not allowed:
        raise PhaseConflict(
            f"Environment {environment.name!r} is {environment.phase}: operation {operation.id} can't go on.",
            environment.phase,
        )


def _require_latest(session: Session, operation: Operation) -> None:
    """A newer operation on the same thing has made this one's fence stale for ever."""
    newer = session.exec(
        select(Operation.id).where(
            Operation.environment_id == operation.environment_id,
            Operation.service_id == operation.service_id,
            Operation.number > operation.number,
        )
    ).first()
    if newer is not None:
        raise OperationNotRetryable(
            f"Operation {operation.id} was overtaken by {newer}. Retry that one, or send the change again.",
            operation.id,
        )
    if operation.service_id is not None and session.get(Service, operation.service_id) is None:
        raise OperationNotRetryable(f"Service {operation.service_name!r} is gone. Add it again.", operation.id)


def resume(session: Session, environment: Environment, operation: Operation) -> None:
    """Queues an ended operation again, from the step that failed. The environment's row must be locked."""
    _reopen_steps(session, operation)
    operation.status = OperationStatus.QUEUED
    operation.failure = None
    operation.finished_at = None
    operation.version += 1
    operation.owner = None
    operation.lease_until = 0
    session.add(operation)
    session.flush()
    session.exec(update(Operation).where(col(Operation.id) == operation.id).values(wake_at=database_clock()))
    deletes = operation.kind is OperationKind.DELETE_SERVICE
    if operation.kind is OperationKind.DESTROY_ENVIRONMENT:
        move(session, environment, EnvironmentPhase.DESTROYING, operation_id=operation.id)
        return
    status = ServiceStatus.DELETING if deletes else ServiceStatus.DEPLOYING
    show_status(session, col(Service.id) == operation.service_id, status)
    session.exec(
        update(Workflow)
        .where(col(Workflow.operation_id) == operation.id)
        .values(status=WorkflowStatus.PENDING, finished_at=None)
    )
    if environment.phase in (EnvironmentPhase.ACTIVE, EnvironmentPhase.ERROR):
        move(session, environment, EnvironmentPhase.UPDATING, operation_id=operation.id)


def _reopen_steps(session: Session, operation: Operation) -> None:
    """Unfinished steps begin afresh. What failed to verify was removed too early or came back: remove it again."""
    steps = session.exec(select(OperationStep).where(OperationStep.operation_id == operation.id)).all()
    verify_failed = any(step.name == "verify" and step.status is StepStatus.FAILED for step in steps)
    for step in steps:
        if step.status is StepStatus.SUCCEEDED and not (verify_failed and step.name in REMOVALS):
            continue
        step.status = StepStatus.PENDING
        step.attempts = 0
        step.waiting = False
        step.try_at = 0
        step.still_since = 0
        step.message = None
        step.blockers = []
        step.finished_at = None
        session.add(step)
