"""Tells workers and listeners what was committed. All of it may be lost: the database is the truth."""

import asyncio

from jobs.queue import Ring
from models.environment import Environment
from models.mutations.request import Accepted
from models.operation import Operation
from resolvers.context import OperationContext


async def announce(context: OperationContext, accepted: Accepted) -> None:
    """To be called after the commit. A request that was accepted before was announced then."""
    if not accepted.replayed:
        await announce_operation(context, accepted.operation, accepted.environment.project_id)
        await asyncio.gather(*(_announce_other(context, other) for other in accepted.others))


async def announce_operation(context: OperationContext, operation: Operation, project_id: str | None = None) -> None:
    ring = Ring(environment=operation.environment_id, project=project_id, operation=operation.id)
    queue = context.process.queue
    await asyncio.gather(queue.send(operation.id), queue.ring(ring))


async def _announce_other(context: OperationContext, operation_id: str) -> None:
    """It was cancelled or has to stop: whoever follows it sees that, and a worker looks at it."""
    queue = context.process.queue
    await asyncio.gather(queue.ring(Ring(operation=operation_id)), queue.send(operation_id))


async def announce_environment(context: OperationContext, environment: Environment) -> None:
    await context.process.queue.ring(Ring(environment=environment.id, project=environment.project_id))
