"""destroyEnvironment."""

from sqlmodel import Session, col, select

from models.environment import Environment
from models.mutations.finding import locked_environment
from models.mutations.queueing import queue_operation, stop_others
from models.mutations.replaying import replayed
from models.mutations.request import Accepted, Request, keep_result
from models.mutations.retry_operation import resume
from models.names import quote
from models.operation import Operation
from models.operations.service_status import show_status
from models.phases import move
from models.refusals import ConfirmationMismatch, PhaseConflict, PlanChanged, ProtectedFromRemoval
from models.service import Service
from models.vocabulary import EnvironmentPhase, OperationKind, OperationStatus, Role, ServiceStatus

_GOING = (EnvironmentPhase.DESTROYING, EnvironmentPhase.DESTROYED)


class PlanNeeded(Exception):
    """All else is well, but a worker has to say what the plan is now."""


def destroy_environment(
    session: Session,
    request: Request,
    *,
    environment_id: str,
    confirm_name: str,
    plan_digest_seen: str | None = None,
    plan_digest_now: str | None = None,
    abandon_cluster: bool = False,
) -> Accepted:
    """Fences the environment and queues its destroy; on DESTROY_FAILED lets the failed one go on.

    `plan_digest_seen` is the plan that the caller saw, `plan_digest_now` what a worker just answered. With
    `abandon_cluster` nothing is asked of the cluster, which is gone for good: what it held is listed as left.
    Raises NotFound, Forbidden, PhaseConflict, ConfirmationMismatch, ProtectedFromRemoval, PlanNeeded, PlanChanged,
    IdempotencyConflict.
    """
    if earlier := replayed(session, request, Role.ADMIN):
        return earlier
    environment = locked_environment(session, request, environment_id, Role.ADMIN)
    _check(environment, confirm_name)
    if plan_digest_seen is not None and plan_digest_now is None:
        raise PlanNeeded
    if plan_digest_seen is not None and plan_digest_seen != plan_digest_now:
        raise PlanChanged(
            f"What destroying {environment.name!r} would remove has changed since that plan was shown. "
            "Look at the plan and send its digest.",
            environment.id,
        )
    failed = session.exec(
        select(Operation)
        .where(
            Operation.environment_id == environment.id,
            Operation.kind == OperationKind.DESTROY_ENVIRONMENT,
            Operation.status == OperationStatus.FAILED,
        )
        .order_by(col(Operation.number).desc())
    ).first()
    if environment.phase is EnvironmentPhase.DESTROY_FAILED and failed is not None:
        failed.abandon_cluster = failed.abandon_cluster or abandon_cluster
        session.add(failed)
        resume(session, environment, failed)
        keep_result(session, request, failed.id)
        return Accepted(failed, environment)
    others = stop_others(session, environment, f"Environment {environment.name!r} is being destroyed.")
    operation = _begin(session, request, environment)
    operation.abandon_cluster = abandon_cluster
    return Accepted(operation, environment, others=others)


def _check(environment: Environment, confirm_name: str) -> None:
    if environment.phase in _GOING:
        state = "is being destroyed already" if environment.phase is EnvironmentPhase.DESTROYING else "is destroyed"
        raise PhaseConflict(f"Environment {environment.name!r} {state}.", environment.phase)
    if environment.protected:
        raise ProtectedFromRemoval(
            f"Environment {environment.name!r} is protected. An admin can lift that with setEnvironmentProtection."
        )
    if confirm_name != environment.name:
        raise ConfirmationMismatch(
            f"confirmName is {quote(confirm_name)}, but the environment's name is {environment.name!r}. "
            "Nothing was removed. Type the exact name to destroy it."
        )


def _begin(session: Session, request: Request, environment: Environment) -> Operation:
    environment.phase_before_destroy = environment.phase
    services = col(Service.environment_id) == environment.id
    show_status(session, services, ServiceStatus.DELETING, "The environment is being destroyed.")
    operation = queue_operation(session, environment, OperationKind.DESTROY_ENVIRONMENT, request)
    move(session, environment, EnvironmentPhase.DESTROYING, operation_id=operation.id)
    return operation
