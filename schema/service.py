"""Deployed services."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.names import hostname
from models.service import Service as ServiceRow
from schema.configuration import ServiceConfiguration
from schema.connection import After, Connection, First
from schema.context import Info
from schema.environment import Environment
from schema.loading import found_by, pages_of
from schema.node import Node
from schema.release import ReleaseConnection
from schema.rows import showing
from schema.vocabulary import HealthState, ServiceKind, ServiceStatus
from schema.workflow import WorkflowConnection

if TYPE_CHECKING:
    from schema.operation import OperationConnection


@strawberry.type(
    description="What the cluster, the DNS zone and the secret store show of a service, apart from its status, which "
    "says what was done with it. Looked at now and then, and soon after something moved in the cluster."
)
class ServiceHealth:
    state: HealthState = strawberry.field(description="Whether it is as its latest release asks.")
    reason: str | None = strawberry.field(
        description="What is not as it should be, by object, or why that is unknown; null: all is well."
    )
    checked_at: datetime | None = strawberry.field(description="When it was looked at last; null: not yet.")


@strawberry.type(description="A service of the project's, deployed in an environment.")
class Service(Node):
    environment_id: strawberry.Private[str]
    health: strawberry.Private[HealthState]
    health_reason: strawberry.Private[str | None]
    health_checked_at: strawberry.Private[datetime | None]
    name: str = strawberry.field(description="The name that it has in the project; unique in its environment.")
    kind: ServiceKind = strawberry.field(description="What it is.")
    status: ServiceStatus = strawberry.field(description="Where it stands after its latest operation.")
    status_reason: str | None = strawberry.field(description="Why, in words for a person.")
    revision: int = strawberry.field(
        description="Counts the accepted configurations from 1. Send it to updateService as `expectedRevision`."
    )
    configuration: ServiceConfiguration = strawberry.field(
        description="The latest accepted configuration. updateService changes it."
    )

    @classmethod
    def of(cls, row: ServiceRow) -> "Service":
        return showing(cls, row)

    @strawberry.field(name="health", description="What the cluster shows of it.")
    def shown_health(self) -> ServiceHealth:
        reason = self.health_reason if self.health_checked_at else "It was not looked at yet."
        return ServiceHealth(state=self.health, reason=reason, checked_at=self.health_checked_at)

    @strawberry.field(
        description="The environment that it is deployed in.",
        metadata=found_by(lambda loaders: loaders.environment, "environment_id"),
    )
    async def environment(self, info: Info) -> Environment:
        return await info.context.loaders.environment.load(self.environment_id)

    @strawberry.field(description="The full names under which its ingress rules make it reachable.")
    async def hostnames(self, info: Info) -> list[str]:
        rules = self.configuration.networking.ingress
        if not rules:
            return []
        domain = (await info.context.loaders.environment.load(self.environment_id)).domain
        return list(dict.fromkeys(hostname(rule.host, domain) for rule in rules)) if domain else []

    @strawberry.field(
        description="The configurations that were rolled out, the newest first.",
        metadata=pages_of(lambda loaders: loaders.releases),
    )
    async def releases(self, info: Info, first: First = 20, after: After = strawberry.UNSET) -> ReleaseConnection:
        return await info.context.loaders.releases.of(self.id, first, after)

    @strawberry.field(
        description="The runs of its pipeline, the newest first.", metadata=pages_of(lambda loaders: loaders.workflows)
    )
    async def workflows(self, info: Info, first: First = 20, after: After = strawberry.UNSET) -> WorkflowConnection:
        return await info.context.loaders.workflows.of(self.id, first, after)

    @strawberry.field(
        description="What was and is done with it, the newest first.",
        metadata=pages_of(lambda loaders: loaders.service_operations),
    )
    async def operations(
        self, info: Info, first: First = 20, after: After = strawberry.UNSET
    ) -> Annotated["OperationConnection", strawberry.lazy("schema.operation")]:
        return await info.context.loaders.service_operations.of(self.id, first, after)


@strawberry.type(description="A page of deployed services.")
class ServiceConnection(Connection[Service]): ...
