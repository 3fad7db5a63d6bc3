"""What can be asked."""

from typing import Annotated

import strawberry

from models.names import check_label
from models.reads.lookup import environment_named, project_named
from resolvers import views
from resolvers.context import Info
from resolvers.failures import FailureCode, failure
from resolvers.inputs import given
from resolvers.node import find_node, find_nodes
from resolvers.paging import whole_list
from schema.connection import MOST, After, First
from schema.environment import Environment, EnvironmentConnection
from schema.node import Node
from schema.operation import Operation
from schema.project import Project, ProjectConnection
from schema.service import Service
from schema.viewer import Viewer
from schema.vocabulary import EnvironmentPhase

UNSET = strawberry.UNSET


@strawberry.type(description="What can be read. What the caller may not see is null, or not in the list.")
class Query:
    @strawberry.field(description="The object with this id; null when there is none.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Of an object of any type.")]
    ) -> Node | None:
        return await find_node(info, id)

    @strawberry.field(description="The objects with these ids, each at the place of its id; null where there is none.")
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description=f"Up to {MOST}, of objects of any type.")],
    ) -> list[Node | None]:
        return await find_nodes(info, ids)

    @strawberry.field(description="Who is asking, and what they may do.")
    def viewer(self, info: Info) -> Viewer:
        return Viewer.of(info.context.access)

    @strawberry.field(description="The project with this id or this name; null when there is none.")
    async def project(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Give this, or the name.")] = UNSET,
        name: Annotated[str | None, strawberry.argument(description="Give this, or the id.")] = UNSET,
    ) -> Project | None:
        context = info.context
        if _by_id(id, name):
            return await context.loaders.possible_project.load(id or "")
        row = await context.read(project_named, context.access, name) if check_label(name or "") is None else None
        return Project.of(row) if row is not None else None

    @strawberry.field(description="All projects, by name.")
    async def projects(self, info: Info, first: First = 20, after: After = UNSET) -> ProjectConnection:
        return await whole_list(info.context.read, views.projects(info.context.access), first, after)

    @strawberry.field(
        description="The environment with this id or this name; null when there is none. Of several that had the name "
        "it is the living one, else the one that was destroyed last."
    )
    async def environment(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Give this, or the name.")] = UNSET,
        name: Annotated[str | None, strawberry.argument(description="Give this, or the id.")] = UNSET,
    ) -> Environment | None:
        context = info.context
        if _by_id(id, name):
            return await context.loaders.possible_environment.load(id or "")
        row = await context.read(environment_named, context.access, name) if check_label(name or "") is None else None
        return Environment.of(row) if row is not None else None

    @strawberry.field(description="All environments, by name; those that are destroyed too.")
    async def environments(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only of this project.")] = UNSET,
        phases: Annotated[
            list[EnvironmentPhase] | None, strawberry.argument(description="Only in one of these phases.")
        ] = UNSET,
        search: Annotated[str | None, strawberry.argument(description="Only with this in the name.")] = UNSET,
        first: First = 20,
        after: After = UNSET,
    ) -> EnvironmentConnection:
        view = views.environments(info.context.access, given(project_id), given(phases), given(search))
        return await whole_list(info.context.read, view, first, after)

    @strawberry.field(description="The deployed service with this id; null when there is none.")
    async def service(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Of a deployed service.")]
    ) -> Service | None:
        return await info.context.loaders.possible_service.load(id)

    @strawberry.field(description="The operation with this id; null when there is none.")
    async def operation(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Of an operation.")]
    ) -> Operation | None:
        return await info.context.loaders.possible_operation.load(id)


def _by_id(id_: str | None, name: str | None) -> bool:
    """Whether the id is given, else the name is. Raises GraphQLError unless it is exactly one."""
    by_id = given(id_) is not None
    if by_id == (given(name) is not None):
        raise failure("Give either `id` or `name`.", FailureCode.BAD_USER_INPUT)
    return by_id
