"""Pipeline runs."""

from datetime import datetime

import strawberry

from models.workflow import Workflow as WorkflowRow
from schema.connection import Connection
from schema.node import Node
from schema.rows import showing
from schema.vocabulary import StageKind, StepStatus, WorkflowStatus


@strawberry.type(description="One stage of a pipeline run.")
class WorkflowStage:
    kind: StageKind = strawberry.field(description="What it does.")
    status: StepStatus = strawberry.field(description="Where it stands.")
    message: str | None = strawberry.field(description="What it waits for or why it failed.")
    started_at: datetime | None = strawberry.field(description="When it began; null before.")
    finished_at: datetime | None = strawberry.field(description="When it ended; null before.")


@strawberry.type(description="One run of a service's pipeline. A registry image has no BUILD and no PUSH stage.")
class Workflow(Node):
    revision: int = strawberry.field(description="The revision of the service that it deploys.")
    status: WorkflowStatus = strawberry.field(description="Where it stands.")
    stages: list[WorkflowStage] = strawberry.field(description="Its stages, in the order in which they run.")
    created_at: datetime = strawberry.field(description="When it was queued.")
    finished_at: datetime | None = strawberry.field(description="When it ended; null before.")

    @classmethod
    def of(cls, row: WorkflowRow) -> "Workflow":
        return showing(cls, row)


@strawberry.type(description="A page of pipeline runs.")
class WorkflowConnection(Connection[Workflow]): ...
