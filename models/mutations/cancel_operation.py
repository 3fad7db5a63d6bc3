"""cancelOperation."""

from sqlmodel import Session

from models.environment import Environment
from models.mutations.finding import locked_operation
from models.mutations.queueing import cancel_queued, request_stop
from models.mutations.request import Request, claim_key, keep_result
from models.operation import Operation
from models.operations.ending import after_cancelling
from models.refusals import OperationNotCancellable
from models.vocabulary import OperationKind, OperationStatus


def cancel_operation(session: Session, request: Request, *, operation_id: str) -> Operation:
    """Raises NotFound, Forbidden, InvalidInput, OperationNotCancellable, IdempotencyConflict.

    A second cancel of the same operation changes nothing.
    """
    replayed = claim_key(session, request) is not None
    environment, operation = locked_operation(session, request, operation_id)
    if replayed:
        return operation
    keep_result(session, request, operation.id)
    if operation.status is OperationStatus.CANCELLING:
        return operation
    if not operation.unfinished:
        raise OperationNotCancellable(
            f"Operation {operation.id} has ended ({operation.status}): there is nothing to cancel.", operation.id
        )
    _require_cancellable(environment, operation)
    if operation.status is OperationStatus.QUEUED:
        cancel_queued(session, operation, "Cancelled before it began.")
        after_cancelling(session, environment, operation)
    else:
        request_stop(session, operation, "Cancelled on demand.")
    return operation


def _require_cancellable(environment: Environment, operation: Operation) -> None:
    if operation.kind is OperationKind.DELETE_SERVICE and operation.removal_began:
        raise OperationNotCancellable(
            f"Service {operation.service_name!r} has begun to be removed: that can't be undone. Wait for its end.",
            operation.id,
        )
    if operation.kind is OperationKind.DESTROY_ENVIRONMENT and operation.removal_began:
        raise OperationNotCancellable(
            f"Environment {environment.name!r} has begun to be removed: that can't be undone. Wait for its end.",
            operation.id,
        )
