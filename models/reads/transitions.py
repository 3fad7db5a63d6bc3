"""Phase transitions in their order: of one environment by sequence, of a whole project by serial.

Both counters are raised under a row lock that is held until the commit, so whoever has read up to a number has missed
nothing before it. Never read them from a replica.
"""

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from sqlalchemy import Integer, bindparam
from sqlmodel import Session, and_, col, select
from sqlmodel.sql.expression import Select

from models.environment import Environment, PhaseTransition
from models.project import Project
from models.reads.cursors import CursorProblem, CursorRefused

T = TypeVar("T")


def environment_transitions(session: Session, environment_id: str, after: int, limit: int) -> Sequence[PhaseTransition]:
    """At most `limit` transitions behind the sequence `after`, the earliest first. Raises CursorRefused."""
    rows = session.exec(_of_environment(), params={"id": environment_id, "after": after, "limit": limit}).all()
    last, transitions = _split(rows)
    _require_unbroken(f"environment {environment_id}", after, last, limit, [row.sequence for row in transitions])
    return transitions


@cache  # what many subscribers wait for: to build it costs as much as to execute it
def _of_environment() -> Select[int, PhaseTransition]:
    after, limit = bindparam("after", type_=Integer), bindparam("limit", type_=Integer)
    return (
        select(Environment.last_sequence, PhaseTransition)
        .outerjoin(
            PhaseTransition,
            and_(col(PhaseTransition.environment_id) == col(Environment.id), col(PhaseTransition.sequence) > after),
        )
        .where(col(Environment.id) == bindparam("id"))
        .order_by(col(PhaseTransition.sequence))
        .limit(limit)
    )


def project_transitions(session: Session, project_id: str, after: int, limit: int) -> Sequence[PhaseTransition]:
    """At most `limit` transitions of all its environments behind the serial `after`, the earliest first.

    Raises CursorRefused.
    """
    rows = session.exec(
        select(Project.last_serial, PhaseTransition)
        .outerjoin(
            PhaseTransition,
            and_(col(PhaseTransition.project_id) == col(Project.id), col(PhaseTransition.serial) > after),
        )
        .where(Project.id == project_id)
        .order_by(col(PhaseTransition.serial))
        .limit(limit)
    ).all()
    last, transitions = _split(rows)
    _require_unbroken(f"project {project_id}", after, last, limit, [row.serial for row in transitions])
    return transitions


def latest_transition(session: Session, environment_id: str) -> PhaseTransition:
    """The transition that brought the environment's phase. The environment must exist."""
    return session.exec(
        select(PhaseTransition)
        .join(Environment, col(Environment.id) == col(PhaseTransition.environment_id))
        .where(Environment.id == environment_id, PhaseTransition.sequence == Environment.last_sequence)
    ).one()


def latest_serials(session: Session, project_id: str) -> tuple[int, list[int]]:
    """The project's last serial, and at that moment the serial of the latest transition of each environment."""
    rows = session.exec(
        select(Project.last_serial, PhaseTransition.serial)
        .outerjoin(Environment, col(Environment.project_id) == col(Project.id))
        .outerjoin(
            PhaseTransition,
            and_(
                col(PhaseTransition.environment_id) == col(Environment.id),
                col(PhaseTransition.sequence) == col(Environment.last_sequence),
            ),
        )
        .where(Project.id == project_id)
        .order_by(col(PhaseTransition.serial))
    ).all()
    last, serials = _split(rows)
    return last, serials


def transitions_at(session: Session, project_id: str, serials: Sequence[int]) -> Sequence[PhaseTransition]:
    """The project's transitions with these serials, in order."""
    return session.exec(
        select(PhaseTransition)
        .where(PhaseTransition.project_id == project_id, col(PhaseTransition.serial).in_(serials))
        .order_by(col(PhaseTransition.serial))
    ).all()


def _split(rows: Sequence[tuple[int, T | None]]) -> tuple[int, list[T]]:
    """The counter that every row repeats, and what is behind it. No row: the counted object is gone."""
    return (rows[0][0] if rows else 0), [row[1] for row in rows if row[1] is not None]


def _require_unbroken(subject: str, after: int, last: int, limit: int, found: list[int]) -> None:
    """One statement sees one state: up to `last`, nothing may be missing but what retention has removed."""
    if after > last:
        raise CursorRefused(
            f"The cursor lies at {after}, but the last transition of {subject} is {last}.", CursorProblem.AHEAD
        )
    if found != list(range(after + 1, min(after + limit, last) + 1)):
        raise CursorRefused(
            f"Transitions of {subject} behind {after} have been removed from history.", CursorProblem.EXPIRED
        )
