"""Who did what, for admins."""

from typing import Annotated, TypeAlias

import strawberry

from models.vocabulary import Role
from resolvers import views
from resolvers.context import Info
from resolvers.failures import FailureCode, failure
from resolvers.inputs import given
from resolvers.paging import whole_list
from schema.audit_entry import AuditEntryConnection
from schema.connection import After, First

OfProject: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only of this project's objects.")
]
OfObject: TypeAlias = Annotated[strawberry.ID | None, strawberry.argument(description="Only of this object.")]


async def audit_log(
    info: Info,
    project_id: OfProject = strawberry.UNSET,
    object_id: OfObject = strawberry.UNSET,
    first: First = 20,
    after: After = strawberry.UNSET,
) -> AuditEntryConnection:
    access = info.context.access
    if access.projects_with(Role.ADMIN) == frozenset():
        raise failure("The audit log takes the role ADMIN, everywhere or in some project.", FailureCode.FORBIDDEN)
    view = views.audit_log(access, given(project_id), given(object_id))
    return await whole_list(info.context.read, view, first, given(after))
