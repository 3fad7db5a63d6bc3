"""Projects and their blueprint of services."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.columns import Table, UtcDateTime, json, new_id, now, word
from models.configuration import ServiceConfiguration
from models.vocabulary import ServiceKind


class Project(Table, table=True):
    """`last_serial` counts the phase transitions of all its environments, in the order of their commits."""

    __table_args__ = (UniqueConstraint("name"),)

    id: str = Field(default_factory=lambda: new_id("prj"), primary_key=True)
    name: str
    last_serial: int = 0
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ProjectService(Table, table=True):
    """A service as the project describes it, deployed in none, one or many of its environments."""

    __table_args__ = (UniqueConstraint("project_id", "name"),)

    id: str = Field(default_factory=lambda: new_id("psv"), primary_key=True)
    project_id: str = Field(foreign_key="project.id")
    name: str
    kind: ServiceKind = Field(sa_type=word(ServiceKind))
    configuration: ServiceConfiguration = Field(sa_type=json(ServiceConfiguration))
