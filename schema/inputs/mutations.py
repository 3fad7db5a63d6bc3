"""The input of each mutation."""

import strawberry

from schema.inputs.configuration import ServiceConfigurationInput
from schema.vocabulary import ServiceKind

UNSET = strawberry.UNSET
_KEY = (
    "Any text of your own, a random UUID for example: sent again with the same input, the mutation answers what it "
    "answered before and does nothing twice."
)


@strawberry.input(description="A service of a project's blueprint.")
class ProjectServiceInput:
    name: str = strawberry.field(description="A DNS label of at most 40 characters that begins with a letter.")
    kind: ServiceKind = strawberry.field(default=ServiceKind.APPLICATION, description="What it is.")
    configuration: ServiceConfigurationInput = strawberry.field(
        description="What differs from the defaults of its kind. A source is needed."
    )


@strawberry.input(description="A project to create.")
class CreateProjectInput:
    name: str = strawberry.field(description="A DNS label of at most 40 characters; unique among all projects.")
    services: list[ProjectServiceInput] = strawberry.field(description="Its blueprint.")
    idempotency_key: str | None = strawberry.field(default=UNSET, description=_KEY)


@strawberry.input(description="An environment to create.")
class CreateEnvironmentInput:
    project_id: strawberry.ID = strawberry.field(description="The project whose services it is to deploy.")
    name: str = strawberry.field(
        description="A DNS label of at most 40 characters; unique among all environments that are not DESTROYED."
    )
    cluster: str | None = strawberry.field(
        default=UNSET, description="The cluster, by the name that the operator gave it. Null: the first."
    )
    namespace: str | None = strawberry.field(
        default=UNSET, description="The namespace, made where it is not there yet. Null: called like the environment."
    )
    domain: str | None = strawberry.field(
        default=UNSET, description="The domain below which its services get their hostnames. Null: none do."
    )
    protected: bool = strawberry.field(
        default=False, description="Refuses deleteService and destroyEnvironment from the beginning."
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=_KEY)


@strawberry.input(description="Whether an environment is protected from removals.")
class SetEnvironmentProtectionInput:
    environment_id: strawberry.ID = strawberry.field(description="The environment.")
    protected: bool = strawberry.field(description="True refuses deleteService and destroyEnvironment.")
    idempotency_key: str | None = strawberry.field(default=UNSET, description=_KEY)


@strawberry.input(description="A service to deploy.")
class AddServiceInput:
    environment_id: strawberry.ID = strawberry.field(description="Where to deploy it.")
    project_service_id: strawberry.ID = strawberry.field(
        description="The project's service, one of the environment's `availableServices`."
    )
    configuration: ServiceConfigurationInput | None = strawberry.field(
        default=UNSET, description="What differs here from the project's."
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=_KEY)


@strawberry.input(description="A change to a deployed service.")
class UpdateServiceInput:
    service_id: strawberry.ID = strawberry.field(description="The deployed service.")
    configuration: ServiceConfigurationInput = strawberry.field(description="What is to change.")
    expected_revision: int | None = strawberry.field(
        default=UNSET, description="The revision that you saw. Another one now refuses the change."
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=_KEY)


@strawberry.input(description="A release to go back to.")
class RollbackServiceInput:
    service_id: strawberry.ID = strawberry.field(description="The deployed service.")
    revision: int = strawberry.field(description="The revision of one of its `releases`.")
    idempotency_key: str | None = strawberry.field(default=UNSET, description=_KEY)


@strawberry.input(description="A service to remove.")
class DeleteServiceInput:
    service_id: strawberry.ID = strawberry.field(description="The deployed service.")
    confirm: bool = strawberry.field(description="Must be true.")
    idempotency_key: str | None = strawberry.field(default=UNSET, description=_KEY)


@strawberry.input(description="An environment to remove.")
class DestroyEnvironmentInput:
    environment_id: strawberry.ID = strawberry.field(description="The environment.")
    confirm_name: str = strawberry.field(description="The environment's name, typed by a person.")
    plan_digest: str | None = strawberry.field(
        default=UNSET, description="The digest of the `destroyPlan` that the person saw. Another plan now refuses it."
    )
    abandon_cluster: bool = strawberry.field(
        default=False,
        description="The cluster is gone for good: nothing is asked of it, and what it held is left and listed as the "
        "`blockers` of the skipped steps. Sent again on DESTROY_FAILED, the destroy goes on without the cluster.",
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=_KEY)


@strawberry.input(description="An operation to go on with.")
class RetryOperationInput:
    operation_id: strawberry.ID = strawberry.field(description="A failed or cancelled operation.")
    idempotency_key: str | None = strawberry.field(default=UNSET, description=_KEY)


@strawberry.input(description="An operation to stop.")
class CancelOperationInput:
    operation_id: strawberry.ID = strawberry.field(description="An operation that has not ended.")
    idempotency_key: str | None = strawberry.field(default=UNSET, description=_KEY)


@strawberry.input(description="Leftovers to remove.")
class RemoveLeftoversInput:
    cluster: str | None = strawberry.field(
        default=UNSET, description="The cluster, by the name that the operator gave it. Null: the first."
    )
    uids: list[str] = strawberry.field(
        description="Those of `leftovers` that are to go, by their uids; nothing else does."
    )
    idempotency_key: str | None = strawberry.field(default=UNSET, description=_KEY)
