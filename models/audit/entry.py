"""What the audit log keeps."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Index
from sqlmodel import Field

from models.columns import Table, UtcDateTime, json, new_id, now, word
from models.vocabulary import AuditOutcome


class FieldChange(BaseModel):
    """One field of one object, before and after; None where there was or is none. Secrets are masked."""

    object_id: str
    #: The way into the object, for example "configuration.deployment.replicas".
    field: str
    before: str | None = None
    after: str | None = None


class AuditEntry(Table, table=True):
    """One mutation that was accepted or refused. The database itself refuses to change or remove it.

    Names instead of foreign keys: an entry outlives what it tells of.
    """

    __table_args__ = (
        Index("ix_audit_entry_project_id", "project", "id"),
        Index("ix_audit_entry_object_id_id", "object_id", "id"),
    )

    id: str = Field(default_factory=lambda: new_id("aud"), primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    caller: str
    caller_name: str
    #: The address that it came from; None: from this installation itself.
    source: str | None = None
    mutation: str
    outcome: AuditOutcome = Field(sa_type=word(AuditOutcome))
    #: The name of the project that the object belongs to; None: to none, or there is no such object.
    project: str | None = None
    object_id: str | None = None
    object_name: str | None = None
    #: What a refused mutation was answered: the error's type and its message.
    refusal: str | None = None
    message: str | None = None
    changes: list[FieldChange] = Field(default_factory=list[FieldChange], sa_type=json(list[FieldChange]))


class AuditRetention(Table, table=True):
    """One row. Entries from before `expired_before` may be removed while it is set."""

    id: int = Field(default=1, primary_key=True)
    expired_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
