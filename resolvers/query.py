"""What can be asked."""

from typing import Annotated, TypeAlias

import strawberry
from graphql import GraphQLError

from models.reads.lookup import environment_named, project_named
from resolvers import views
from resolvers.audit_log import audit_log
from resolvers.context import Info
from resolvers.failures import FailureCode, failure
from resolvers.inputs import given
from resolvers.leftovers import leftovers
from resolvers.node import find_node, find_nodes
from resolvers.paging import whole_list
from resolvers.preview_service_update import preview_service_update
from resolvers.transport.plans.fields import CONTEXT_ALONE
from schema.audit_entry import AuditEntryConnection
from schema.connection import MOST, After, First
from schema.environment import Environment, EnvironmentConnection
from schema.leftovers import Leftovers
from schema.node import Node
from schema.operation import Operation
from schema.project import Project, ProjectConnection
from schema.results import PreviewServiceUpdateResult
from schema.service import Service
from schema.viewer import Viewer
from schema.vocabulary import EnvironmentPhase

UNSET = strawberry.UNSET
#: Of fields that are answered without graphql-core, where all of the query can be.
REPEATABLE = {CONTEXT_ALONE: True}

Id: TypeAlias = Annotated[strawberry.ID, strawberry.argument(name="id", description="The object's id.")]
Ids: TypeAlias = Annotated[list[strawberry.ID], strawberry.argument(description=f"Up to {MOST}, of any types.")]
IdOrName: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(name="id", description="Give this, or the name.")
]
NameOrId: TypeAlias = Annotated[str | None, strawberry.argument(description="Give this, or the id.")]
OfProject: TypeAlias = Annotated[strawberry.ID | None, strawberry.argument(description="Only of this project.")]
InPhases: TypeAlias = Annotated[
    list[EnvironmentPhase] | None, strawberry.argument(description="Only in one of these phases.")
]
Search: TypeAlias = Annotated[str | None, strawberry.argument(description="Only with this in the name.")]


@strawberry.type(description="What can be read. What the caller may not see is null, or not in the list.")
class Query:
    @strawberry.field(description="The object with this id, of whichever type; null when there is none.")
    async def node(self, info: Info, id_: Id) -> Node | None:
        return await find_node(info, id_)

    @strawberry.field(description="The objects with these ids, each at the place of its id; null where there is none.")
    async def nodes(self, info: Info, ids: Ids) -> list[Node | None]:
        return await find_nodes(info, ids)

    @strawberry.field(description="Who is asking, and what they may do.")
    def viewer(self, info: Info) -> Viewer:
        return Viewer.of(info.context.access)

    @strawberry.field(
        description="The project with this id or this name; null when there is none.", metadata=REPEATABLE
    )
    async def project(self, info: Info, id_: IdOrName = UNSET, name: NameOrId = UNSET) -> Project | None:
        match given(id_), given(name):
            case str(id_), None:
                return await info.context.loaders.possible_project.load(id_)
            case None, str(name):
                row = await info.context.read(project_named, info.context.access, name)
                return Project.of(row) if row is not None else None
            case _:
                raise _neither_or_both()

    @strawberry.field(description="All projects, by name.", metadata=REPEATABLE)
    async def projects(self, info: Info, first: First = 20, after: After = UNSET) -> ProjectConnection:
        return await whole_list(info.context.read, views.projects(info.context.access), first, after)

    @strawberry.field(
        description="The environment with this id or this name; null when there is none. Of several that had the name "
        "it is the living one, else the one that was destroyed last.",
        metadata=REPEATABLE,
    )
    async def environment(self, info: Info, id_: IdOrName = UNSET, name: NameOrId = UNSET) -> Environment | None:
        match given(id_), given(name):
            case str(id_), None:
                return await info.context.loaders.possible_environment.load(id_)
            case None, str(name):
                row = await info.context.read(environment_named, info.context.access, name)
                return Environment.of(row) if row is not None else None
            case _:
                raise _neither_or_both()

    @strawberry.field(description="All environments, by name; those that are destroyed too.", metadata=REPEATABLE)
    async def environments(
        self,
        info: Info,
        project_id: OfProject = UNSET,
        phases: InPhases = UNSET,
        search: Search = UNSET,
        first: First = 20,
        after: After = UNSET,
    ) -> EnvironmentConnection:
        view = views.environments(info.context.access, given(project_id), given(phases), given(search))
        return await whole_list(info.context.read, view, first, after)

    @strawberry.field(description="The deployed service with this id; null when there is none.", metadata=REPEATABLE)
    async def service(self, info: Info, id_: Id) -> Service | None:
        return await info.context.loaders.possible_service.load(id_)

    @strawberry.field(description="The operation with this id; null when there is none.", metadata=REPEATABLE)
    async def operation(self, info: Info, id_: Id) -> Operation | None:
        return await info.context.loaders.possible_operation.load(id_)

    audit_log: AuditEntryConnection = strawberry.field(
        resolver=audit_log,
        description="Who did what to which object, when, from where, the latest first. For admins: those of single "
        "projects see what concerns these.",
    )
    preview_service_update: PreviewServiceUpdateResult = strawberry.field(
        resolver=preview_service_update,
        description="What updateService would change in the cluster, object by object and field by field, by the "
        "cluster's own dry run. Changes nothing. Takes up to ten seconds; an error with the code NO_WORKER_ANSWERED "
        "when nobody could look. For editors.",
    )
    leftovers: Leftovers = strawberry.field(
        resolver=leftovers,
        description="Things with our labels in a cluster that no environment owns, looked up now. Takes up to ten "
        "seconds; an error with the code NO_WORKER_ANSWERED when nobody could look. For admins.",
    )


def _neither_or_both() -> GraphQLError:
    return failure("Give either `id` or `name`.", FailureCode.BAD_USER_INPUT)
