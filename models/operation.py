"""Operations: what a mutation queued and a worker carries out, step by step, under a lease."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Index, UniqueConstraint, literal_column, text
from sqlmodel import Field, col

from models.columns import Table, UtcDateTime, json, new_id, now, word
from models.vocabulary import UNFINISHED, OperationKind, OperationStatus, StepStatus

_WORDS = "('QUEUED', 'RUNNING', 'CANCELLING')"
_UNFINISHED = text(f"status IN {_WORDS}")


class BlockerRecord(BaseModel):
    """An object that stands in the way, and why."""

    kind: str
    name: str
    reason: str


class Failure(BaseModel):
    """Why an operation failed."""

    step: str
    message: str
    blockers: list[BlockerRecord] = []


class SeenObject(BaseModel):
    """An object of the cluster."""

    kind: str
    name: str


#: So many of the objects that an inventory saw are kept by name.
MOST_SEEN = 500


class Facts(BaseModel):
    """What a step found out that later steps need, kept across restarts."""

    #: The image that is deployed, by digest where it is known.
    image: str | None = None
    #: What the inventory of a destroy saw in the cluster.
    seen: list[SeenObject] = []


class Operation(Table, table=True):
    """`fence` is bumped by every claim; a write that carries an older one never lands.

    `lease_until`, `wake_at` and `send_after` are seconds of the database's clock (`models.clock`).
    """

    __table_args__ = (
        UniqueConstraint("environment_id", "number"),
        Index("ix_operation_wake", "wake_at", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
        Index(
            "ix_operation_unfinished",
            "environment_id",
            "service_id",
            "number",
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        Index("ix_operation_service_id_number", "service_id", "number"),
    )

    id: str = Field(default_factory=lambda: new_id("opr"), primary_key=True)
    environment_id: str = Field(foreign_key="environment.id")
    #: Its place among the operations of its environment.
    number: int
    kind: OperationKind = Field(sa_type=word(OperationKind))
    status: OperationStatus = Field(default=OperationStatus.QUEUED, sa_type=word(OperationStatus))
    #: Null for a destroy. Not a foreign key: the operation outlives the service.
    service_id: str | None = None
    service_name: str | None = None
    #: The configuration that it deploys.
    revision: int | None = None
    requested_by: str
    failure: Failure | None = Field(default=None, sa_type=json(Failure))
    facts: Facts = Field(default_factory=Facts, sa_type=json(Facts))
    #: Set before a destroy's first removal: from then on it can't be cancelled.
    removal_began: bool = False
    #: An admin said that the cluster is gone for good: a destroy goes on without it.
    abandon_cluster: bool = False
    #: Counts its visible changes: a listener that saw this version has seen everything.
    version: int = 1
    owner: str | None = None
    fence: int = 0
    lease_until: float = 0
    #: The next time somebody should look at it. An event of the cluster brings it forward.
    wake_at: float = 0
    #: Counts the events that asked for a look, so that one between a look and the parking is not lost.
    wakes: int = 0
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)

    @property
    def unfinished(self) -> bool:
        return self.status in UNFINISHED


def unfinished(operation: type[Operation] = Operation) -> ColumnElement[bool]:
    """Whether it is under way or waits, in the words of the partial indexes: so they serve, whatever plan is kept."""
    return col(operation.status).op("IN", is_comparison=True)(literal_column(_WORDS))


class OperationStep(Table, table=True):
    """One step of an operation."""

    operation_id: str = Field(foreign_key="operation.id", primary_key=True, ondelete="CASCADE")
    position: int = Field(primary_key=True)
    name: str
    status: StepStatus = Field(default=StepStatus.PENDING, sa_type=word(StepStatus))
    attempts: int = 0
    #: True while it waits for the outside: its next look costs no attempt.
    waiting: bool = False
    #: Not before this instant of the database's clock, in seconds.
    try_at: float = 0
    #: Since when nothing has changed for a step that waits, in seconds of the database's clock.
    still_since: float = 0
    done: int = 0
    total: int | None = None
    message: str | None = None
    blockers: list[BlockerRecord] = Field(default_factory=list[BlockerRecord], sa_type=json(list[BlockerRecord]))
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IdempotencyKey(Table, table=True):
    """What a caller's key was used for."""

    caller: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    #: Of the mutation's name and input, which may hold secrets: keyed (`Sealer.fingerprints`).
    request_hash: str
    #: The operation, or what else it created, changed or asked.
    result_id: str | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


class Inquiry(Table, table=True):
    """A question of the API that only a worker can answer, for example a destroy plan."""

    id: str = Field(default_factory=lambda: new_id("inq"), primary_key=True)
    kind: str
    subject_id: str
    #: JSON. Secrets in it are sealed.
    details: str | None = None
    answer: str | None = None
    error: str | None = None
    #: When a worker took it, in seconds of the database's clock.
    taken_until: float = 0
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


class Installation(Table, table=True):
    """One row: which installation this database belongs to. Names the Redis keys, so that none share messages."""

    id: int = Field(default=1, primary_key=True)
    token: str
    #: Of the host's boot that SQLite's lease clock counts from.
    boot: str | None = None
