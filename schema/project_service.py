"""Services of a project's blueprint."""

import strawberry

from models.project import ProjectService as ProjectServiceRow
from schema.configuration import ServiceConfiguration
from schema.connection import Connection
from schema.node import Node
from schema.rows import showing
from schema.vocabulary import ServiceKind


@strawberry.type(description="A service of the project's blueprint: deployed in none, one or many of its environments.")
class ProjectService(Node):
    name: str = strawberry.field(description="Unique in its project.")
    kind: ServiceKind = strawberry.field(description="What it is.")
    configuration: ServiceConfiguration = strawberry.field(
        description="What addService deploys it with, unless told otherwise."
    )

    @classmethod
    def of(cls, row: ProjectServiceRow) -> "ProjectService":
        return showing(cls, row)


@strawberry.type(description="A page of a project's services.")
class ProjectServiceConnection(Connection[ProjectService]): ...
