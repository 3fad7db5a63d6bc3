"""Environments."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.environment import Environment as EnvironmentRow
from models.environment import reason_of
from schema.connection import After, Connection, First
from schema.context import Info
from schema.destroy_plan import DestroyPlan
from schema.loading import found_by, pages_of
from schema.node import Node
from schema.project import Project
from schema.project_service import ProjectServiceConnection
from schema.rows import showing
from schema.vocabulary import EnvironmentPhase

if TYPE_CHECKING:
    from schema.operation import OperationConnection
    from schema.phase_transition import PhaseTransitionConnection
    from schema.service import Service, ServiceConnection


@strawberry.type(description="The deployed services of a project, in one namespace of a cluster.")
class Environment(Node):
    project_id: strawberry.Private[str]
    phase_reason: strawberry.Private[str | None]
    cluster_trouble: strawberry.Private[str | None]
    name: str = strawberry.field(description="Unique among all environments that are not DESTROYED.")
    cluster: str = strawberry.field(
        description="The Kubernetes cluster, by the name that the operator of this API gave it."
    )
    namespace: str = strawberry.field(description="The namespace of the cluster that its services are in.")
    domain: str | None = strawberry.field(
        description="The domain below which its services get their hostnames; null where no DNS is managed."
    )
    phase: EnvironmentPhase = strawberry.field(
        description="What is being done with it. Follow it with the subscription environmentPhaseChanged."
    )
    protected: bool = strawberry.field(
        description="Refuses deleteService and destroyEnvironment. setEnvironmentProtection changes it."
    )
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When its phase or its protection was last changed.")

    @classmethod
    def of(cls, row: EnvironmentRow) -> "Environment":
        return showing(cls, row)

    @strawberry.field(
        name="phaseReason", description="Why, in words for a person; says too when its cluster does not answer."
    )
    def reason(self) -> str | None:
        return reason_of(self.phase_reason, self.cluster_trouble)

    @strawberry.field(
        description="The project whose services it deploys.",
        metadata=found_by(lambda loaders: loaders.project, "project_id"),
    )
    async def project(self, info: Info) -> Project:
        return await info.context.loaders.project.load(self.project_id)

    @strawberry.field(
        description="Its transitions from phase to phase, the first one first.",
        metadata=pages_of(lambda loaders: loaders.phase_history),
    )
    async def phase_history(
        self, info: Info, first: First = 50, after: After = strawberry.UNSET
    ) -> Annotated["PhaseTransitionConnection", strawberry.lazy("schema.phase_transition")]:
        return await info.context.loaders.phase_history.of(self.id, first, after)

    @strawberry.field(
        description="The services that are deployed in it, by name.",
        metadata=pages_of(lambda loaders: loaders.environment_services),
    )
    async def services(
        self, info: Info, first: First = 50, after: After = strawberry.UNSET
    ) -> Annotated["ServiceConnection", strawberry.lazy("schema.service")]:
        return await info.context.loaders.environment_services.of(self.id, first, after)

    @strawberry.field(description="The deployed service of this name; null when there is none.")
    async def service(
        self, info: Info, name: Annotated[str, strawberry.argument(description="The service's name.")]
    ) -> Annotated["Service", strawberry.lazy("schema.service")] | None:
        return await info.context.loaders.service_by_name.load((self.id, name))

    @strawberry.field(
        description="The project's services that are not deployed here: what addService takes, by name.",
        metadata=pages_of(lambda loaders: loaders.available_services),
    )
    async def available_services(
        self, info: Info, first: First = 50, after: After = strawberry.UNSET
    ) -> ProjectServiceConnection:
        return await info.context.loaders.available_services.of(self.id, first, after)

    @strawberry.field(
        description="What was and is done with it, the newest first.",
        metadata=pages_of(lambda loaders: loaders.environment_operations),
    )
    async def operations(
        self, info: Info, first: First = 20, after: After = strawberry.UNSET
    ) -> Annotated["OperationConnection", strawberry.lazy("schema.operation")]:
        return await info.context.loaders.environment_operations.of(self.id, first, after)

    @strawberry.field(
        description="What destroyEnvironment would remove, looked up now in the cluster, the DNS zone and the secret "
        "store. Takes up to ten seconds; an error with the code NO_WORKER_ANSWERED when nobody could look.",
        metadata=found_by(lambda loaders: loaders.destroy_plan, "id"),
    )
    async def destroy_plan(self, info: Info) -> DestroyPlan:
        return await info.context.loaders.destroy_plan.load(self.id)


@strawberry.type(description="A page of environments.")
class EnvironmentConnection(Connection[Environment]): ...
