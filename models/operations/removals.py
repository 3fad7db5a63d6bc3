"""Which operation has removed what an earlier one deployed."""

from sqlmodel import Session, and_, col, or_, select

from models.operation import Operation
from models.vocabulary import OperationKind


def removal_after(session: Session, operation: Operation) -> Operation | None:
    """The last operation that has begun to remove the operation's service after it, alone or with its environment.

    What has begun to be removed can't be kept any more.
    """
    of_service = and_(
        col(Operation.kind) == OperationKind.DELETE_SERVICE, col(Operation.service_id) == operation.service_id
    )
    statement = select(Operation).where(
        Operation.environment_id == operation.environment_id,
        Operation.number > operation.number,
        col(Operation.removal_began),
        or_(col(Operation.kind) == OperationKind.DESTROY_ENVIRONMENT, of_service),
    )
    return session.exec(statement.order_by(col(Operation.number).desc()).limit(1)).first()
