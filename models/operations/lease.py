"""Leases: who works on an operation. Every claim bumps its fence, and nothing written under an older one lands."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, case, col, or_, select, update

from models.clock import database_clock
from models.columns import now
from models.operation import Operation, unfinished
from models.vocabulary import OperationKind, OperationStatus


class LeaseLost(Exception):
    """Somebody else has the operation now, or it has ended: stop at once and write nothing."""


@dataclass(frozen=True)
class Lease:
    operation_id: str
    environment_id: str
    fence: int
    #: How long it lasts from each time it is renewed.
    seconds: float


@cache  # to make an alias costs as much as ten statements
def _free():  # noqa: ANN202
    """Nobody holds it, it is time to look at it, and nothing accepted earlier is in its lane.

    A lane is a service; a destroy waits for everything that was accepted in its environment before it.
    """
    earlier = aliased(Operation)
    in_lane = or_(
        Operation.kind == OperationKind.DESTROY_ENVIRONMENT,
        col(earlier.service_id) == col(Operation.service_id),
        earlier.kind == OperationKind.DESTROY_ENVIRONMENT,
    )
    ahead = select(earlier.id).where(
        earlier.environment_id == Operation.environment_id,
        earlier.number < Operation.number,
        unfinished(earlier),
        in_lane,
    )
    return and_(
        unfinished(),
        col(Operation.lease_until) < database_clock(),
        col(Operation.wake_at) <= database_clock(),
        ~ahead.exists(),
    )


def due(session: Session, limit: int, environment_id: str | None = None) -> list[str]:
    """Operations that somebody should claim now, the longest waiting first; of one environment, or of all."""
    statement = select(Operation.id).where(_free()).order_by(col(Operation.wake_at), Operation.id).limit(limit)
    if environment_id is not None:
        statement = statement.where(Operation.environment_id == environment_id)
    return list(session.exec(statement).all())


def claim(session: Session, operation_id: str, owner: str, seconds: float) -> Lease | None:
    """Takes the operation for `seconds` of the database's clock, or returns None: somebody has it, or it must wait."""
    row = session.exec(
        update(Operation)
        .where(col(Operation.id) == operation_id, _free())
        .values(
            status=case(
                (col(Operation.status) == OperationStatus.QUEUED, OperationStatus.RUNNING.value),
                else_=col(Operation.status),
            ),
            version=case(
                (col(Operation.status) == OperationStatus.QUEUED, Operation.version + 1), else_=Operation.version
            ),
            started_at=case((col(Operation.started_at).is_(None), now()), else_=col(Operation.started_at)),
            owner=owner,
            fence=Operation.fence + 1,
            lease_until=database_clock() + seconds,
        )
        .returning(col(Operation.environment_id), col(Operation.fence))
        .execution_options(synchronize_session=False)
    ).first()
    return None if row is None else Lease(operation_id, row[0], row[1], seconds)


def renew(session: Session, owner: str, operation_ids: Collection[str], seconds: float) -> dict[str, int]:
    """Lengthens the leases on these operations that `owner` still holds; returns their fences by operation.

    Those that a transaction has locked are left out: one that gets on with an operation renews its lease.
    """
    held = select(Operation.id).where(
        col(Operation.owner) == owner,
        col(Operation.id).in_(operation_ids),
        unfinished(),
        col(Operation.lease_until) > 0,
    )
    rows = session.exec(
        update(Operation)
        .where(col(Operation.id).in_(held.with_for_update(skip_locked=True)))
        .values(lease_until=database_clock() + seconds)
        .returning(col(Operation.id), col(Operation.fence))
        .execution_options(synchronize_session=False)
    ).all()
    return {row[0]: row[1] for row in rows}


def hold(session: Session, lease: Lease) -> Operation:
    """The operation, its row locked, if the lease still stands. Raises LeaseLost."""
    operation = session.get(Operation, lease.operation_id, populate_existing=True, with_for_update=True)
    if operation is None or operation.fence != lease.fence or not operation.unfinished or operation.owner is None:
        raise LeaseLost(lease.operation_id)
    return operation


def hand_back(session: Session, owner: str) -> list[str]:
    """Gives up all leases of `owner`, so that others go on at once; returns the operations."""
    rows = session.exec(
        update(Operation)
        .where(col(Operation.owner) == owner, unfinished())
        .values(owner=None, lease_until=0)
        .returning(col(Operation.id))
        .execution_options(synchronize_session=False)
    ).all()
    return [row[0] for row in rows]


def give_up(session: Session, lease: Lease, seconds: float) -> None:
    """Lets others have the operation after `seconds`, if the lease still stands: its holder could not go on."""
    session.exec(
        update(Operation)
        .where(
            col(Operation.id) == lease.operation_id,
            col(Operation.fence) == lease.fence,
            col(Operation.owner).is_not(None),
            unfinished(),
        )
        .values(owner=None, lease_until=0, wake_at=database_clock() + seconds)
        .execution_options(synchronize_session=False)
    )


def owners(session: Session) -> list[str]:
    """Everybody who holds a lease that has not expired."""
    statement = select(Operation.owner).where(
        col(Operation.owner).is_not(None),
        unfinished(),
        col(Operation.lease_until) >= database_clock(),
    )
    return [owner for owner in session.exec(statement.distinct()).all() if owner is not None]


def wake(session: Session, environment_id: str, service_id: str | None = None) -> list[str]:
    """Has the environment's (or service's) running operations looked at now: something moved outside.

    Returns those that nobody holds. One that is held looks again when it would have been parked.
    """
    statement = update(Operation).where(
        col(Operation.environment_id) == environment_id,
        col(Operation.status).in_((OperationStatus.RUNNING, OperationStatus.CANCELLING)),
    )
    if service_id is not None:
        statement = statement.where(or_(col(Operation.service_id) == service_id, col(Operation.service_id).is_(None)))
    rows = session.exec(
        statement.values(
            wakes=Operation.wakes + 1,
            wake_at=case((col(Operation.wake_at) > database_clock(), database_clock()), else_=col(Operation.wake_at)),
        )
        .returning(col(Operation.id), col(Operation.owner))
        .execution_options(synchronize_session=False)
    ).all()
    return [row[0] for row in rows if row[1] is None]


def running_environments(session: Session) -> list[str]:
    """The environments that have an operation under way."""
    statement = select(Operation.environment_id).where(
        col(Operation.status).in_((OperationStatus.RUNNING, OperationStatus.CANCELLING))
    )
    return list(session.exec(statement.distinct()).all())
