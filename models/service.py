"""Services of an environment, their accepted configurations and their releases."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.columns import Table, UtcDateTime, json, new_id, now, word
from models.configuration import ServiceConfiguration
from models.vocabulary import HealthState, ServiceKind, ServiceStatus


class Service(Table, table=True):
    """A service deployed in an environment. Its row goes when it was removed from everywhere else."""

    __table_args__ = (UniqueConstraint("environment_id", "name"),)

    id: str = Field(default_factory=lambda: new_id("svc"), primary_key=True)
    environment_id: str = Field(foreign_key="environment.id")
    project_service_id: str = Field(foreign_key="project_service.id")
    name: str
    kind: ServiceKind = Field(sa_type=word(ServiceKind))
    status: ServiceStatus = Field(default=ServiceStatus.DEPLOYING, sa_type=word(ServiceStatus))
    status_reason: str | None = None
    #: Counts the accepted configurations from 1.
    revision: int = 1
    configuration: ServiceConfiguration = Field(sa_type=json(ServiceConfiguration))
    #: What the outside shows, apart from what we do with it: see `models.health`.
    health: HealthState = Field(default=HealthState.UNKNOWN, sa_type=word(HealthState))
    health_reason: str | None = None
    health_checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ServiceRevision(Table, table=True):
    """A configuration that was accepted. An operation deploys the one it was accepted with."""

    service_id: str = Field(foreign_key="service.id", primary_key=True, ondelete="CASCADE")
    revision: int = Field(primary_key=True)
    configuration: ServiceConfiguration = Field(sa_type=json(ServiceConfiguration))


class Release(Table, table=True):
    """A configuration that was rolled out, or was tried to be."""

    __table_args__ = (UniqueConstraint("service_id", "revision"),)

    id: str = Field(default_factory=lambda: new_id("rel"), primary_key=True)
    service_id: str = Field(foreign_key="service.id", ondelete="CASCADE")
    revision: int
    #: The image that runs, by digest where the registry told it.
    image: str | None = None
    configuration: ServiceConfiguration = Field(sa_type=json(ServiceConfiguration))
    #: None while it is being rolled out.
    succeeded: bool | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
