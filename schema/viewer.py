"""Who is asking."""

import strawberry

from models.access import Access
from schema.vocabulary import Role

_ROLES = list(Role)


@strawberry.type(description="Who is asking, and what they may do.")
class Viewer:
    name: str = strawberry.field(description="The name that operations and the audit log show.")
    role: Role = strawberry.field(description="The highest role that the caller has, everywhere or in some project.")

    @classmethod
    def of(cls, access: Access) -> "Viewer":
        roles = [*access.projects.values(), access.everywhere or Role.VIEWER]
        return cls(name=access.shown_name, role=max(roles, key=_ROLES.index))
