"""How operations get on."""

from sqlmodel import Session

from models.operation import Operation


def operation_if_newer(session: Session, operation_id: str, version: int) -> Operation | None:
    """The operation as it is, unless it is still at `version`."""
    operation = session.get(Operation, operation_id)
    return operation if operation is not None and operation.version > version else None
