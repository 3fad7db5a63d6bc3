"""Phase transitions in their order: of one environment by sequence, of a whole project by serial.

Both counters are raised under a row lock that is held until the commit, so whoever has read up to a number has missed
nothing before it. Never read them from a replica.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeVar

from sqlalchemy import JSON, Integer, Text, bindparam, cast, func
from sqlmodel import Session, and_, col, select
from sqlmodel.sql.expression import Select

from models.environment import Environment, PhaseTransition
from models.project import Project
from models.reads.cursors import CursorProblem, CursorRefused

T = TypeVar("T")


def environment_transitions(session: Session, environment_id: str, after: int, limit: int) -> Sequence[PhaseTransition]:
    """At most `limit` transitions behind the sequence `after`, the earliest first. Raises CursorRefused."""
    rows = session.exec(_of_environment(), params={"id": environment_id, "after": after, "limit": limit}).all()
    return _behind(environment_id, after, limit, rows)


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


def transitions_of_environments(
    session: Session, places: Mapping[str, int], limit: int
) -> Mapping[str, Sequence[PhaseTransition]]:
    """Of each environment at most `limit` transitions behind its sequence. Raises CursorRefused where one of them does.

    One statement, however many there are.
    """
    if len(places) == 1:  # takes a third less, and is what a process with few followers reads
        return {id_: environment_transitions(session, id_, after, limit) for id_, after in places.items()}
    rows = session.exec(_of_environments(), params={"places": dict(places), "limit": limit}).all()
    of_each = defaultdict[str, list[tuple[int, PhaseTransition | None]]](list)
    for id_, last, transition in rows:
        of_each[id_].append((last, transition))
    return {id_: _behind(id_, after, limit, of_each[id_]) for id_, after in places.items()}


def _behind(
    environment_id: str, after: int, limit: int, rows: Sequence[tuple[int, PhaseTransition | None]]
) -> Sequence[PhaseTransition]:
    last, transitions = _split(rows)
    _require_unbroken(f"environment {environment_id}", after, last, limit, [row.sequence for row in transitions])
    return transitions


@cache
def _of_environments() -> Select[str, int, PhaseTransition]:
    """The places come as one JSON object, which both databases read as a table: the statement is always the same.

    Sequences have no hole, so a limit on each of them limits the rows of each environment.
    """
    place = func.json_each(bindparam("places", type_=JSON)).table_valued("key", "value", name="place")
    after, limit = cast(cast(place.c.value, Text), Integer), bindparam("limit", type_=Integer)
    sequence = col(PhaseTransition.sequence)
    return (
        select(Environment.id, Environment.last_sequence, PhaseTransition)
        .select_from(place)
        .join(Environment, col(Environment.id) == place.c.key)
        .outerjoin(
            PhaseTransition,
            # By the key, not the environment's id: only so PostgreSQL seeks the sequences in its index too
            and_(col(PhaseTransition.environment_id) == place.c.key, sequence > after, sequence <= after + limit),
        )
        .order_by(sequence)
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


def transitions_of_projects(
    session: Session, places: Mapping[str, int], limit: int
) -> Mapping[str, Sequence[PhaseTransition]]:
    """Of each project at most `limit` transitions behind its serial. Raises CursorRefused where one of them does."""
    return {id_: project_transitions(session, id_, after, limit) for id_, after in places.items()}


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
