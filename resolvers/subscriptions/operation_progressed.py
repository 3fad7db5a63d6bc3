"""operationProgressed."""

from models.access import Access
from models.operation import Operation
from models.reads.visible import visible_operation
from resolvers.subscriptions.live import Live
from resolvers.subscriptions.source import Beginning, Source, opened, snapshot_of


async def operation_progressed(live: Live, access: Access, operation_id: str) -> Source[Operation]:
    """Raises GraphQLError with the code NOT_FOUND."""

    async def begin() -> Beginning[Operation]:
        operation = await live.database.read(visible_operation, access, operation_id)
        return Beginning(operation.version, snapshot_of(operation), over=not operation.unfinished)

    return await opened(live.operations, operation_id, begin)
