"""Puts an operation into the database: from here on it will be carried out, whatever dies."""

from functools import cache

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.clock import database_clock
from models.columns import now
from models.configuration import ServiceConfiguration
from models.environment import Environment
from models.mutations.request import Request, keep_result
from models.operation import Failure, Operation, OperationStep
from models.operations.progress import steps_in_order
from models.phases import move
from models.rows import write_rows
from models.service import Service, ServiceRevision
from models.steps import stages_of, steps_of
from models.vocabulary import (
    UNFINISHED,
    EnvironmentPhase,
    OperationKind,
    OperationStatus,
    ServiceStatus,
    StepStatus,
    WorkflowStatus,
)
from models.workflow import Stage, Workflow

_REDEPLOYS = (OperationKind.UPDATE_SERVICE, OperationKind.ROLLBACK_SERVICE)
_DEPLOYS = (OperationKind.ADD_SERVICE, *_REDEPLOYS)


def queue_operation(
    session: Session,
    environment: Environment,
    kind: OperationKind,
    request: Request,
    service: Service | None = None,
) -> Operation:
    """Adds an operation with its steps, its workflow where it deploys, and the phase that it brings."""
    configuration = service.configuration if service is not None and kind in _DEPLOYS else None
    environment.last_operation_number += 1
    operation = Operation(
        environment_id=environment.id,
        number=environment.last_operation_number,
        kind=kind,
        service_id=service.id if service else None,
        service_name=service.name if service else None,
        revision=service.revision if configuration and service else None,
        requested_by=request.access.shown_name,
    )
    session.add(environment)
    session.add(operation)
    if service is not None and configuration is not None:
        service.status = ServiceStatus.DEPLOYING
        service.status_reason = None
        session.add(service)
    if environment.phase in (EnvironmentPhase.ACTIVE, EnvironmentPhase.ERROR) and service is not None:
        move(session, environment, EnvironmentPhase.UPDATING, operation_id=operation.id)
    keep_result(session, request, operation.id)
    session.flush()
    names = steps_of(kind, configuration)
    steps = (OperationStep(operation_id=operation.id, position=at, name=name) for at, name in enumerate(names))
    write_rows(session, *steps)
    if service is not None and configuration is not None:
        _open_pipeline(session, operation, service, configuration, names)
    return operation


def _open_pipeline(
    session: Session,
    operation: Operation,
    service: Service,
    configuration: ServiceConfiguration,
    steps: tuple[str, ...],
) -> None:
    stages = [Stage(kind=kind) for kind in stages_of(steps)]
    write_rows(
        session,
        Workflow(service_id=service.id, operation_id=operation.id, revision=service.revision, stages=stages),
    )
    write_rows(session, ServiceRevision(service_id=service.id, revision=service.revision, configuration=configuration))


def supersede_queued(session: Session, newer: Operation) -> list[str]:
    """Configurations accumulate: the newer re-deploy carries what the queued ones wanted. Returns those."""
    queued = session.exec(_queued(), params={"service": newer.service_id, "number": newer.number}).all()
    for operation in queued:
        cancel_queued(session, operation, f"Superseded by operation {newer.id}, which carries this change too.")
    return [operation.id for operation in queued]


@cache  # every update of a service asks
def _queued() -> SelectOfScalar[Operation]:
    """Re-deploys of a service that have not begun."""
    statement = select(Operation).where(
        col(Operation.service_id) == bindparam("service"),
        Operation.status == OperationStatus.QUEUED,
        col(Operation.kind).in_(_REDEPLOYS),
        col(Operation.number) < bindparam("number"),
        # one that was retried has begun already: its next claim ends it
        Operation.fence == 0,
    )
    # locked: a worker may be claiming one of them, and then it is queued no more
    return statement.with_for_update().execution_options(populate_existing=True)


def cancel_queued(session: Session, operation: Operation, message: str) -> None:
    """Ends an operation that never began."""
    steps = steps_in_order(session, operation.id)
    for step in steps:
        if step.status is StepStatus.PENDING:
            step.status = StepStatus.SKIPPED
            session.add(step)
    operation.status = OperationStatus.CANCELLED
    operation.failure = Failure(step=steps[0].name, message=message)
    operation.finished_at = now()
    operation.version += 1
    session.add(operation)
    session.exec(
        update(Workflow)
        .where(col(Workflow.operation_id) == operation.id)
        .values(status=WorkflowStatus.CANCELLED, finished_at=now())
    )


def stop_others(session: Session, environment: Environment, message: str, service_id: str | None = None) -> list[str]:
    """Cancels what is queued and stops what runs at its next step, of the environment or of one service.

    Returns those operations.
    """
    statement = select(Operation).where(
        Operation.environment_id == environment.id, col(Operation.status).in_(UNFINISHED)
    )
    if service_id is not None:
        statement = statement.where(Operation.service_id == service_id)
    others = session.exec(statement.with_for_update().execution_options(populate_existing=True)).all()
    for operation in others:
        if operation.status is OperationStatus.QUEUED:
            cancel_queued(session, operation, message)
        elif operation.status is OperationStatus.RUNNING:
            request_stop(session, operation, message)
    return [operation.id for operation in others]


def request_stop(session: Session, operation: Operation, message: str) -> None:
    """Asks a running operation to stop before its next step, and has somebody look at it now. `message` says why."""
    operation.status = OperationStatus.CANCELLING
    steps = steps_in_order(session, operation.id)
    step = next((step for step in steps if step.finished_at is None), steps[-1])
    operation.failure = Failure(step=step.name, message=message)
    operation.version += 1
    session.add(operation)
    session.flush()
    session.exec(
        update(Operation)
        .where(col(Operation.id) == operation.id)
        .values(wake_at=database_clock(), wakes=Operation.wakes + 1)
    )
