"""Pipeline runs: one for every add, update and rollback of a service."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Index
from sqlmodel import Field

from models.columns import Table, UtcDateTime, json, new_id, now, word
from models.vocabulary import StageKind, StepStatus, WorkflowStatus


class Stage(BaseModel):
    """One stage of a pipeline run."""

    kind: StageKind
    status: StepStatus = StepStatus.PENDING
    message: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


class Workflow(Table, table=True):
    """One run of a service's pipeline. A registry image has no BUILD and no PUSH stage."""

    __table_args__ = (Index("ix_workflow_service_id_id", "service_id", "id"),)

    id: str = Field(default_factory=lambda: new_id("wfl"), primary_key=True)
    service_id: str = Field(foreign_key="service.id", ondelete="CASCADE")
    operation_id: str = Field(index=True)
    revision: int
    status: WorkflowStatus = Field(default=WorkflowStatus.PENDING, sa_type=word(WorkflowStatus))
    stages: list[Stage] = Field(sa_type=json(list[Stage]))
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
