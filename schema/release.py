"""Releases."""

from datetime import datetime

import strawberry

from models.service import Release as ReleaseRow
from schema.configuration import ServiceConfiguration
from schema.connection import Connection
from schema.node import Node
from schema.rows import showing


@strawberry.type(
    description="A configuration that was rolled out, or was tried to be. rollbackService goes back to one."
)
class Release(Node):
    revision: int = strawberry.field(description="The revision of the service whose configuration it is.")
    image: str | None = strawberry.field(description="The image that runs, by digest where the registry tells it.")
    configuration: ServiceConfiguration = strawberry.field(description="What was rolled out.")
    succeeded: bool | None = strawberry.field(description="Null while it is being rolled out.")
    created_at: datetime = strawberry.field(description="When its rollout began.")

    @classmethod
    def of(cls, row: ReleaseRow) -> "Release":
        return showing(cls, row)


@strawberry.type(description="A page of releases.")
class ReleaseConnection(Connection[Release]): ...
