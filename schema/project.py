"""Projects."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from models.project import Project as ProjectRow
from schema.connection import After, Connection, First
from schema.context import Info
from schema.loading import pages_of
from schema.node import Node
from schema.rows import showing

if TYPE_CHECKING:
    from schema.environment import EnvironmentConnection
    from schema.project_service import ProjectServiceConnection


@strawberry.type(description="A blueprint of services, and the environments in which they are deployed.")
class Project(Node):
    name: str = strawberry.field(description="Unique among all projects.")

    @classmethod
    def of(cls, row: ProjectRow) -> "Project":
        return showing(cls, row)

    @strawberry.field(
        description="The services of its blueprint, by name.",
        metadata=pages_of(lambda loaders: loaders.project_services),
    )
    async def services(
        self, info: Info, first: First = 20, after: After = strawberry.UNSET
    ) -> Annotated["ProjectServiceConnection", strawberry.lazy("schema.project_service")]:
        return await info.context.loaders.project_services.of(self.id, first, after)

    @strawberry.field(
        description="Its environments, by name; those that are destroyed too.",
        metadata=pages_of(lambda loaders: loaders.project_environments),
    )
    async def environments(
        self, info: Info, first: First = 20, after: After = strawberry.UNSET
    ) -> Annotated["EnvironmentConnection", strawberry.lazy("schema.environment")]:
        return await info.context.loaders.project_environments.of(self.id, first, after)


@strawberry.type(description="A page of projects.")
class ProjectConnection(Connection[Project]): ...
