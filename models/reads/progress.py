"""How operations get on."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from models.operation import Operation


def newer_operations(session: Session, versions: Mapping[str, int]) -> Mapping[str, Sequence[Operation]]:
    """Of each id its operation as it is, unless that is still at this version or gone."""
    operations = session.exec(select(Operation).where(col(Operation.id).in_(versions))).all()
    newer = {operation.id: [operation] for operation in operations if operation.version > versions[operation.id]}
    return {id_: newer.get(id_, []) for id_ in versions}
