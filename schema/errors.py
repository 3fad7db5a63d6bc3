"""What a caller can act on: one type for each of the models' refusals, of the same name."""

import strawberry

from schema.context import Info
from schema.destroy_plan import DestroyPlan
from schema.operation import Operation
from schema.vocabulary import EnvironmentPhase


@strawberry.interface(
    description="Something the caller can act on. Select `... on Error { message }` and members added later reach you "
    "too."
)
class Error:
    message: str = strawberry.field(description="What is wrong, with which object, and what to do about it.")


@strawberry.type(description="There is no such object, or the caller may not see it.")
class NotFound(Error): ...


@strawberry.type(description="The caller may see the object, but lacks the role that this takes.")
class Forbidden(Error): ...


@strawberry.type(description="One thing wrong with an input.")
class InputIssue:
    path: list[str] = strawberry.field(
        description='The way into the input, for example ["configuration", "variables", "0", "name"].'
    )
    message: str = strawberry.field(description="What is wrong there, and what to do about it.")


@strawberry.type(description="The input breaks rules of Kubernetes, of the DNS, of the secret store, or of our own.")
class InvalidInput(Error):
    issues: list[InputIssue] = strawberry.field(description="All that is wrong, up to a hundred things.")


@strawberry.type(description="The name, or the namespace in its cluster, is taken.")
class AlreadyExists(Error): ...


@strawberry.type(description="The environment's phase or the service's status does not allow it now.")
class PhaseConflict(Error):
    phase: EnvironmentPhase = strawberry.field(description="The phase that the environment is in.")


@strawberry.type(description="expectedRevision is not the service's revision.")
class RevisionConflict(Error):
    revision: int = strawberry.field(description="The revision that the service has now.")


@strawberry.type(description="The destroy plan has changed since it was shown.")
class PlanChanged(Error):
    environment_id: strawberry.Private[str]

    @strawberry.field(description="The plan as it is now. Show it, and send its digest.")
    async def plan(self, info: Info) -> DestroyPlan:
        return await info.context.loaders.destroy_plan.load(self.environment_id)


@strawberry.type(description="It is deployed here already, or belongs to another project.")
class ServiceNotAvailable(Error): ...


@strawberry.type(description="What was to confirm the removal does not. Nothing was removed.")
class ConfirmationMismatch(Error): ...


@strawberry.type(description="The environment is protected. setEnvironmentProtection can lift that.")
class ProtectedFromRemoval(Error): ...


@strawberry.type(description="The idempotency key came with another input before.")
class IdempotencyConflict(Error):
    operation_id: strawberry.Private[str | None]

    @strawberry.field(description="The operation that the key led to; null where it led to none.")
    async def operation(self, info: Info) -> Operation | None:
        return await info.context.loaders.possible_operation.load(self.operation_id) if self.operation_id else None


@strawberry.type(description="Only a failed or cancelled operation that no newer one has overtaken can be retried.")
class OperationNotRetryable(Error):
    operation_id: strawberry.Private[str]

    @strawberry.field(description="The operation as it is.")
    async def operation(self, info: Info) -> Operation:
        return await info.context.loaders.operation.load(self.operation_id)


@strawberry.type(description="The operation has ended, or has begun to remove something.")
class OperationNotCancellable(Error):
    operation_id: strawberry.Private[str]

    @strawberry.field(description="The operation as it is.")
    async def operation(self, info: Info) -> Operation:
        return await info.context.loaders.operation.load(self.operation_id)
