"""Operations."""

from datetime import datetime

import strawberry

from models.operation import Operation as OperationRow
from models.operation import OperationStep as OperationStepRow
from schema.connection import Connection
from schema.context import Info
from schema.environment import Environment
from schema.loading import found_by
from schema.node import Node
from schema.rows import showing
from schema.vocabulary import OperationKind, OperationStatus, StepStatus


@strawberry.type(description="An object that stands in the way, or was left.")
class Blocker:
    kind: str = strawberry.field(description="Its kind, as in a destroy plan.")
    name: str = strawberry.field(description="Its name.")
    reason: str = strawberry.field(description="Why it does not go, for example the finalizer that holds it.")


@strawberry.type(description="One step of an operation.")
class OperationStep:
    name: str = strawberry.field(description="What it does, in one word.")
    status: StepStatus = strawberry.field(description="Where it stands.")
    attempts: int = strawberry.field(description="How often it was tried. Waiting costs no attempt.")
    done: int = strawberry.field(description="How many of its things are done, of how many.")
    total: int | None = strawberry.field(description="How many things it has; null when that is not known yet.")
    message: str | None = strawberry.field(description="What it waits for or why it failed, by object and condition.")
    blockers: list[Blocker] = strawberry.field(
        description="What it waits for; of a step that was skipped because the cluster was abandoned, what is left."
    )
    started_at: datetime | None = strawberry.field(description="When it began; null before.")
    finished_at: datetime | None = strawberry.field(description="When it ended; null before.")

    @classmethod
    def of(cls, row: OperationStepRow) -> "OperationStep":
        return showing(cls, row)


@strawberry.type(description="Why an operation failed, or was cancelled. retryOperation goes on at this step.")
class OperationFailure:
    step: str = strawberry.field(description="The name of the step.")
    message: str = strawberry.field(description="What went wrong, with which object.")
    blockers: list[Blocker] = strawberry.field(description="What is left, for example objects held by a finalizer.")


@strawberry.type(
    description="What a mutation queued and a worker carries out. Follow it with the subscription operationProgressed."
)
class Operation(Node):
    environment_id: strawberry.Private[str]
    kind: OperationKind = strawberry.field(description="What it does.")
    status: OperationStatus = strawberry.field(description="Where it stands.")
    service_name: str | None = strawberry.field(
        description="The service that it is about, null for a destroy. The name stays when the service is gone."
    )
    failure: OperationFailure | None = strawberry.field(description="Why it did not succeed; null otherwise.")
    requested_by: str = strawberry.field(description="Who asked for it.")
    created_at: datetime = strawberry.field(description="When it was accepted.")
    started_at: datetime | None = strawberry.field(description="When a worker began with it; null before.")
    finished_at: datetime | None = strawberry.field(description="When it ended; null before.")

    @classmethod
    def of(cls, row: OperationRow) -> "Operation":
        return showing(cls, row)

    @strawberry.field(
        description="The environment that it changes.",
        metadata=found_by(lambda loaders: loaders.environment, "environment_id"),
    )
    async def environment(self, info: Info) -> Environment:
        return await info.context.loaders.environment.load(self.environment_id)

    @strawberry.field(
        description="Its steps, in order; those that are still to come too.",
        metadata=found_by(lambda loaders: loaders.steps, "id"),
    )
    async def steps(self, info: Info) -> list[OperationStep]:
        return await info.context.loaders.steps.load(self.id)


@strawberry.type(description="A page of operations.")
class OperationConnection(Connection[Operation]): ...
