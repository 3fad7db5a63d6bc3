"""How an operation ends: once, with its service, its pipeline run, its release and its environment's phase."""

from sqlmodel import Session, col, delete, select, update

from models.columns import now
from models.environment import Environment
from models.operation import Failure, Operation
from models.operations.lease import Lease, LeaseLost, hold
from models.operations.progress import steps_in_order
from models.operations.rolling_back import roll_back_failed_update
from models.operations.service_status import show_status
from models.phases import lock_environment, move, settle
from models.service import Release, Service
from models.vocabulary import (
    EnvironmentPhase,
    OperationKind,
    OperationStatus,
    ServiceStatus,
    StepStatus,
    WorkflowStatus,
)
from models.workflow import Workflow

_WORKFLOW_STATUS = {
    OperationStatus.SUCCEEDED: WorkflowStatus.SUCCEEDED,
    OperationStatus.FAILED: WorkflowStatus.FAILED,
    OperationStatus.CANCELLED: WorkflowStatus.CANCELLED,
}


def end(
    session: Session,
    lease: Lease,
    status: OperationStatus,
    failure: Failure | None = None,
    *,
    rollback_on_failure: bool = False,
) -> Operation:
    """Writes the operation's end and all that follows from it. Raises LeaseLost."""
    environment = lock_environment(session, lease.environment_id)
    operation = hold(session, lease)
    if environment is None:
        raise LeaseLost(lease.operation_id)
    operation.status = status
    if status is not OperationStatus.CANCELLED:  # that one was said why when it was asked to stop
        operation.failure = failure
    operation.finished_at = now()
    operation.version += 1
    operation.owner = None
    operation.lease_until = 0
    session.add(operation)
    _end_pipeline(session, operation)
    match status:
        case OperationStatus.SUCCEEDED:
            _after_success(session, environment, operation)
        case OperationStatus.CANCELLED:
            _skip_the_rest(session, operation)
            after_cancelling(session, environment, operation)
        case _:
            _after_failure(session, environment, operation, failure, rollback_on_failure)
    session.flush()
    return operation


def _end_pipeline(session: Session, operation: Operation) -> None:
    session.exec(
        update(Workflow)
        .where(col(Workflow.operation_id) == operation.id)
        .values(status=_WORKFLOW_STATUS[operation.status], finished_at=operation.finished_at)
    )
    if operation.revision is not None:
        session.exec(
            update(Release)
            .where(col(Release.service_id) == operation.service_id, col(Release.revision) == operation.revision)
            .values(succeeded=operation.status is OperationStatus.SUCCEEDED)
        )


def _after_success(session: Session, environment: Environment, operation: Operation) -> None:
    match operation.kind:
        case OperationKind.DESTROY_ENVIRONMENT:
            session.exec(delete(Service).where(col(Service.environment_id) == environment.id))
            move(session, environment, EnvironmentPhase.DESTROYED, operation_id=operation.id)
        case OperationKind.DELETE_SERVICE:
            session.exec(delete(Service).where(col(Service.id) == operation.service_id))
            settle(session, environment, operation)
        case _:
            _set_status(session, environment, operation, ServiceStatus.RUNNING, None)
            settle(session, environment, operation)


def _after_failure(
    session: Session,
    environment: Environment,
    operation: Operation,
    failure: Failure | None,
    rollback_on_failure: bool,
) -> None:
    reason = f"{failure.step}: {failure.message}" if failure else None
    if operation.kind is OperationKind.DESTROY_ENVIRONMENT:
        move(session, environment, EnvironmentPhase.DESTROY_FAILED, operation_id=operation.id, reason=reason)
        return
    _set_status(session, environment, operation, ServiceStatus.FAILED, reason)
    if rollback_on_failure:
        roll_back_failed_update(session, environment, operation)
    settle(session, environment, operation)


def after_cancelling(session: Session, environment: Environment, operation: Operation) -> None:
    """What a cancelled operation leaves: a state that is named and can be gone on from."""
    if operation.kind is OperationKind.DESTROY_ENVIRONMENT:
        _call_off_destroy(session, environment, operation)
        return
    if operation.kind is OperationKind.DELETE_SERVICE and not operation.removal_began:
        _set_status(session, environment, operation, ServiceStatus.RUNNING, "Its deletion was cancelled.")
    else:
        released = session.exec(
            select(Release.id).where(Release.service_id == operation.service_id, col(Release.succeeded).is_(True))
        ).first()
        untouched = operation.fence == 0 and released is not None
        reason = f"{_NAMES[operation.kind]} was cancelled. Retry operation {operation.id}, or send another change."
        _set_status(
            session, environment, operation, ServiceStatus.RUNNING if untouched else ServiceStatus.FAILED, reason
        )
    settle(session, environment, operation)


_NAMES = {
    OperationKind.ADD_SERVICE: "Adding it",
    OperationKind.UPDATE_SERVICE: "Updating it",
    OperationKind.ROLLBACK_SERVICE: "Rolling it back",
    OperationKind.DELETE_SERVICE: "Deleting it",
}


def _set_status(
    session: Session, environment: Environment, operation: Operation, status: ServiceStatus, reason: str | None
) -> None:
    """The service shows its latest operation; in an environment that is being destroyed it stays DELETING."""
    newer = session.exec(
        select(Operation.id).where(
            Operation.service_id == operation.service_id,
            Operation.number > operation.number,
            Operation.status != OperationStatus.CANCELLED,
        )
    ).first()
    if newer is not None or environment.phase is EnvironmentPhase.DESTROYING:
        return
    show_status(session, col(Service.id) == operation.service_id, status, reason)


def _call_off_destroy(session: Session, environment: Environment, operation: Operation) -> None:
    """Nothing was removed: the services are what their latest operations left."""
    services = session.exec(select(Service).where(Service.environment_id == environment.id)).all()
    for service in services:
        latest = session.exec(
            select(Operation.status).where(Operation.service_id == service.id).order_by(col(Operation.number).desc())
        ).first()
        well = latest is OperationStatus.SUCCEEDED
        service.status = ServiceStatus.RUNNING if well else ServiceStatus.FAILED
        service.status_reason = None if well else "Its last change was stopped by a destroy that was cancelled."
        session.add(service)
    before = environment.phase_before_destroy or EnvironmentPhase.ACTIVE
    if services and before in (EnvironmentPhase.UPDATING, EnvironmentPhase.INITIALIZING):
        failed = any(service.status is ServiceStatus.FAILED for service in services)
        before = EnvironmentPhase.ERROR if failed else EnvironmentPhase.ACTIVE
    reason = "The destroy was cancelled before anything was removed."
    move(session, environment, before, operation_id=operation.id, reason=reason)


def _skip_the_rest(session: Session, operation: Operation) -> None:
    for step in steps_in_order(session, operation.id):
        if step.status in (StepStatus.PENDING, StepStatus.RUNNING, StepStatus.RETRYING):
            step.status = StepStatus.SKIPPED
            step.waiting = False
            step.message = None  # it told of a next try
            session.add(step)
