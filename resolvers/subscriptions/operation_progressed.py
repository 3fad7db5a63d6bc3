"""operationProgressed."""

from collections.abc import AsyncIterator
from typing import Annotated

import strawberry
from sqlmodel import Session

from models.access import Access
from models.operation import Operation as OperationRow
from models.reads.visible import visible
from resolvers.context import Info
from resolvers.subscriptions.source import Beginning, opened, snapshot_of
from schema.operation import Operation


async def operation_progressed(
    info: Info,
    operation_id: Annotated[strawberry.ID, strawberry.argument(description="The operation to follow.")],
) -> AsyncIterator[Operation]:
    """Raises GraphQLError with the code NOT_FOUND or UNAVAILABLE."""
    context = info.context

    async def begin() -> Beginning[OperationRow]:
        return await context.read(_beginning, context.access, operation_id)

    return await opened(context.process.live.operations, operation_id, begin, Operation.of)


def _beginning(session: Session, access: Access, operation_id: str) -> Beginning[OperationRow]:
    operation = visible(session, access, OperationRow, operation_id, "operationId", "opr")
    return Beginning(operation.version, snapshot_of(operation), over=not operation.unfinished)
