"""Transitions of environments from phase to phase."""

from datetime import datetime

import strawberry

from models.environment import PhaseTransition as PhaseTransitionRow
from models.reads.cursors import Cursor
from schema.connection import Connection
from schema.context import Info
from schema.environment import Environment
from schema.loading import found_by
from schema.operation import Operation
from schema.rows import showing
from schema.vocabulary import EnvironmentPhase


@strawberry.type(description="One step of an environment from phase to phase.")
class PhaseTransition:
    environment_id: strawberry.Private[str]
    operation_id: strawberry.Private[str | None]
    project_id: strawberry.Private[str]
    serial: strawberry.Private[int]
    sequence: int = strawberry.field(description="Counts the transitions of its environment from 1, without a hole.")
    previous: EnvironmentPhase | None = strawberry.field(description="The phase before. Null in the first.")
    phase: EnvironmentPhase = strawberry.field(description="The phase that it came to.")
    reason: str | None = strawberry.field(description="Why, in words for a person.")
    at: datetime = strawberry.field(description="When it came to it.")

    @classmethod
    def of(cls, row: PhaseTransitionRow) -> "PhaseTransition":
        return showing(cls, row)

    @strawberry.field(
        description="For `after`, of phaseHistory and of both subscriptions to phases: what follows this transition."
    )
    def cursor(self) -> str:
        return Cursor(self.environment_id, self.sequence, self.project_id, self.serial).encode()

    @strawberry.field(
        description="The environment as it is now.",
        metadata=found_by(lambda loaders: loaders.environment, "environment_id"),
    )
    async def environment(self, info: Info) -> Environment:
        return await info.context.loaders.environment.load(self.environment_id)

    @strawberry.field(description="The operation that brought it, as it is now; null where it was none.")
    async def operation(self, info: Info) -> Operation | None:
        if self.operation_id is None:
            return None
        return await info.context.loaders.possible_operation.load(self.operation_id)


@strawberry.type(description="A page of an environment's transitions.")
class PhaseTransitionConnection(Connection[PhaseTransition]): ...
