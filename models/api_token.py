"""API tokens: what scripts show instead of a person's token."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from models.access import Access
from models.columns import Table, UtcDateTime, new_id, now, word
from models.vocabulary import Role

#: Begins every token, so that scanners find one that was published by mistake.
PREFIX = "phl_"

_LIVING = text("revoked_at IS NULL")


class ApiToken(Table, table=True):
    """Its secret is kept as a hash only. Role and project never change: revoke it, and create another."""

    __table_args__ = (
        UniqueConstraint("secret_hash"),
        Index("uq_api_token_name", "name", unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING),
    )

    id: str = Field(default_factory=lambda: new_id("tok"), primary_key=True)
    name: str
    secret_hash: str
    role: Role = Field(sa_type=word(Role))
    #: The name of the one project that it is for; None: for all.
    project: str | None = None
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def access(self) -> Access:
        caller = f"token:{self.name}"
        if self.project is None:
            return Access(caller, everywhere=self.role, name=self.name)
        return Access(caller, projects={self.project: self.role}, name=self.name)


def new_secret() -> str:
    """What the script shows: 256 random bits behind the prefix."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """One round is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
