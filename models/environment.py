"""Environments and the transitions of their phases."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from models.columns import Table, UtcDateTime, new_id, now, word
from models.vocabulary import EnvironmentPhase

_ALIVE = text("phase <> 'DESTROYED'")


class Environment(Table, table=True):
    """Whoever changes an environment or one of its operations locks its row first, then the operation's."""

    __table_args__ = (
        Index("uq_environment_name", "name", unique=True, sqlite_where=_ALIVE, postgresql_where=_ALIVE),
        Index(
            "uq_environment_cluster_namespace",
            "cluster",
            "namespace",
            unique=True,
            sqlite_where=_ALIVE,
            postgresql_where=_ALIVE,
        ),
        Index("ix_environment_name_id", "name", "id"),
        Index("ix_environment_project_id_name_id", "project_id", "name", "id"),
    )

    id: str = Field(default_factory=lambda: new_id("env"), primary_key=True)
    project_id: str = Field(foreign_key="project.id")
    name: str
    cluster: str
    namespace: str
    #: Set when we created the namespace: then it is removed with the environment.
    namespace_uid: str | None = None
    domain: str | None = None
    phase: EnvironmentPhase = Field(default=EnvironmentPhase.INITIALIZING, sa_type=word(EnvironmentPhase))
    phase_reason: str | None = None
    #: Where a destroy that is cancelled before its first removal returns to.
    phase_before_destroy: EnvironmentPhase | None = Field(default=None, sa_type=word(EnvironmentPhase))
    protected: bool = False
    #: Counts its transitions, without a hole.
    last_sequence: int = 0
    #: Counts its operations; an operation's number is the fence that the outside compares.
    last_operation_number: int = 0
    #: When its services' health is to be looked at next, in seconds of the database's clock.
    look_at: float = 0
    #: Until when a worker that looks has it for itself, in seconds of the database's clock.
    looked_until: float = 0
    #: Counts the looks: what an older one has seen is not written over a newer one's.
    looks: int = 0
    #: Why the latest look could not see its cluster; None: it could.
    cluster_trouble: str | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def reason(self) -> str | None:
        """Why it is as it is, for a person."""
        return reason_of(self.phase_reason, self.cluster_trouble)


def reason_of(phase_reason: str | None, cluster_trouble: str | None) -> str | None:
    """Why an environment is as it is, for a person."""
    return " ".join(filter(None, (phase_reason, cluster_trouble))) or None


class PhaseTransition(Table, table=True):
    """One step of an environment from phase to phase. Never changed after it was written."""

    __table_args__ = (UniqueConstraint("project_id", "serial"),)

    environment_id: str = Field(foreign_key="environment.id", primary_key=True)
    sequence: int = Field(primary_key=True)
    project_id: str = Field(foreign_key="project.id")
    #: Its place among the transitions of the whole project.
    serial: int
    previous: EnvironmentPhase | None = Field(default=None, sa_type=word(EnvironmentPhase))
    phase: EnvironmentPhase = Field(sa_type=word(EnvironmentPhase))
    reason: str | None = None
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    operation_id: str | None = None
