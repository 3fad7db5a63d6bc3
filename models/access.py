"""What a caller may see and do: a role everywhere, or one a project."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.vocabulary import Role

#: From the lowest.
ORDER = (Role.VIEWER, Role.EDITOR, Role.ADMIN)


@dataclass(frozen=True)
class Access:
    """`caller` is who asks, unique among all callers: idempotency keys and the audit log go by it.

    `everywhere` is the role in every project, those to come included; None: only in `projects`, by project name.
    """

    caller: str
    everywhere: Role | None = None
    projects: Mapping[str, Role] = field(default_factory=dict[str, Role])
    #: What people read instead of `caller`, which may be no name that anybody knows.
    name: str | None = None

    @property
    def shown_name(self) -> str:
        return self.name or self.caller

    def role_in(self, project: str) -> Role | None:
        """The highest role in the project of that name; None: it does not exist for this caller."""
        found = [role for role in (self.everywhere, self.projects.get(project)) if role is not None]
        return max(found, key=ORDER.index, default=None)

    def may(self, role: Role, project: str) -> bool:
        """Whether the caller has at least `role` in the project of that name."""
        has = self.role_in(project)
        return has is not None and ORDER.index(has) >= ORDER.index(role)

    def may_everywhere(self, role: Role) -> bool:
        """Whether the caller has at least `role` in every project, those to come included."""
        return self.everywhere is not None and ORDER.index(self.everywhere) >= ORDER.index(role)

    def projects_with(self, role: Role) -> frozenset[str] | None:
        """The names of the projects in which the caller has at least `role`; None: all."""
        return None if self.may_everywhere(role) else frozenset(name for name in self.projects if self.may(role, name))

    @property
    def visible_projects(self) -> frozenset[str] | None:
        """The names of the projects that exist for this caller; None: all."""
        return self.projects_with(Role.VIEWER)
