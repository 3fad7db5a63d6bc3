"""Transitions behind a place: all of them, in order, or a refusal that says to start over."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from sqlmodel import Session, col, delete

from models.database import Database
from models.environment import Environment, PhaseTransition
from models.phases import lock_environment, move
from models.project import Project
from models.reads.cursors import CursorProblem, CursorRefused
from models.reads.transitions import (
    environment_transitions,
    latest_serials,
    latest_transition,
    project_transitions,
    transitions_at,
    transitions_of_environments,
    transitions_of_projects,
)
from models.vocabulary import EnvironmentPhase

PHASES = (EnvironmentPhase.UPDATING, EnvironmentPhase.ACTIVE)


def project_with(database: Database, *environments: str) -> tuple[str, list[str]]:
    with database.writing() as session:
        project = Project(name="acme")
        session.add(project)
        session.flush()
        rows = [Environment(project_id=project.id, name=name, cluster="c", namespace=name) for name in environments]
        session.add_all(rows)
        session.flush()
        for row in rows:
            move(session, row, EnvironmentPhase.INITIALIZING)
            move(session, row, EnvironmentPhase.ACTIVE)
        return project.id, [row.id for row in rows]


def change(database: Database, environment_id: str, times: int = 1) -> None:
    """Moves it on, a transaction each."""
    for _ in range(times):
        with database.writing() as session:
            environment = lock_environment(session, environment_id)
            assert environment is not None
            move(session, environment, PHASES[environment.last_sequence % 2])


def refused(read: Callable[[Session], object], database: Database) -> CursorProblem:
    with database.reading() as session, pytest.raises(CursorRefused) as caught:
        read(session)
    return caught.value.problem


def test_of_an_environment_in_batches(database: Database) -> None:
    _, (one, other) = project_with(database, "one", "other")
    change(database, other, 3)
    change(database, one, 5)
    with database.reading() as session:
        assert [t.sequence for t in environment_transitions(session, one, 0, 4)] == [1, 2, 3, 4]
        assert [t.sequence for t in environment_transitions(session, one, 4, 4)] == [5, 6, 7]
        assert list(environment_transitions(session, one, 7, 4)) == []
        assert {t.environment_id for t in environment_transitions(session, one, 0, 99)} == {one}
        assert latest_transition(session, one).sequence == 7


def test_of_a_project_in_batches(database: Database) -> None:
    project, (one, other) = project_with(database, "one", "other")
    change(database, one)
    change(database, other)
    with database.reading() as session:
        rows = [*project_transitions(session, project, 0, 4), *project_transitions(session, project, 4, 4)]
        assert list(project_transitions(session, project, 6, 4)) == []
    assert [row.serial for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [(row.environment_id, row.sequence) for row in rows[4:]] == [(one, 3), (other, 3)]


def test_the_latest_of_each_environment_of_a_project(database: Database) -> None:
    project, (one, two, three) = project_with(database, "one", "two", "three")
    change(database, one)
    with database.reading() as session:
        last, serials = latest_serials(session, project)
        rows = transitions_at(session, project, serials)
    assert (last, serials) == (7, [4, 6, 7])
    assert [(row.environment_id, row.sequence) for row in rows] == [(two, 2), (three, 2), (one, 3)]


def test_a_project_without_environments_has_no_latest(database: Database) -> None:
    project, _ = project_with(database)
    with database.reading() as session:
        assert latest_serials(session, project) == (0, [])
        assert list(project_transitions(session, project, 0, 10)) == []


def test_ahead_of_the_last_one(database: Database) -> None:
    project, (one,) = project_with(database, "one")
    assert refused(partial(environment_transitions, environment_id=one, after=3, limit=9), database) == "CURSOR_AHEAD"
    assert refused(partial(project_transitions, project_id=project, after=3, limit=9), database) == "CURSOR_AHEAD"


@pytest.mark.parametrize("limit", [1, 2, 99])
def test_fallen_out_of_history(database: Database, limit: int) -> None:
    project, (one, other) = project_with(database, "one", "other")
    change(database, one, 3)
    with database.writing() as session:
        session.exec(
            delete(PhaseTransition).where(col(PhaseTransition.environment_id) == one, col(PhaseTransition.sequence) < 4)
        )
    of_one = partial(environment_transitions, environment_id=one, limit=limit)
    of_project = partial(project_transitions, project_id=project, limit=limit)
    assert refused(partial(of_one, after=1), database) == "CURSOR_EXPIRED"
    assert refused(partial(of_project, after=1), database) == "CURSOR_EXPIRED"
    with database.reading() as session:
        assert [t.sequence for t in of_one(session, after=3)] == [4, 5][:limit]
        assert [t.serial for t in of_project(session, after=5)] == [6, 7][:limit]
        assert [t.sequence for t in environment_transitions(session, other, 0, limit)] == [1, 2][:limit]


def test_an_environment_that_is_gone_leaves_a_hole_in_its_project(database: Database) -> None:
    project, (_, gone) = project_with(database, "stays", "gone")
    with database.writing() as session:
        session.exec(delete(PhaseTransition).where(col(PhaseTransition.environment_id) == gone))
        session.exec(delete(Environment).where(col(Environment.id) == gone))
    assert refused(partial(project_transitions, project_id=project, after=2, limit=9), database) == "CURSOR_EXPIRED"
    with database.reading() as session:
        assert latest_serials(session, project) == (4, [2])
        assert list(project_transitions(session, project, 4, 9)) == []


@pytest.mark.parametrize("limit", [1, 2, 99])
def test_of_many_environments_as_of_each_of_them(database: Database, limit: int) -> None:
    _, ids = project_with(database, *(f"e{number}" for number in range(5)))
    for times, id_ in enumerate(ids):
        change(database, id_, times)
    # Of one all, of some a part, of the last none
    places = dict(zip(ids, (0, 1, 2, 4, 6), strict=True))
    with database.reading() as session:
        together = transitions_of_environments(session, places, limit)
        each = {id_: environment_transitions(session, id_, after, limit) for id_, after in places.items()}
        assert together == each
        assert [len(rows) for rows in together.values()] == [min(count, limit) for count in (2, 2, 2, 1, 0)]


def test_of_many_where_one_is_refused(database: Database) -> None:
    project, (one, gone) = project_with(database, "one", "gone")
    for reads in (
        partial(transitions_of_environments, places={one: 0, gone: 9}, limit=9),
        partial(transitions_of_environments, places={one: 0, "env_0": 1}, limit=9),
        partial(transitions_of_projects, places={project: 5}, limit=9),
    ):
        assert refused(reads, database) == "CURSOR_AHEAD"
    with database.writing() as session:
        session.exec(delete(PhaseTransition).where(col(PhaseTransition.environment_id) == gone))
    expired = partial(transitions_of_environments, places={one: 0, gone: 0}, limit=9)
    assert refused(expired, database) == "CURSOR_EXPIRED"


def test_readers_miss_nothing_of_concurrent_writers(database: Database) -> None:
    """Each reader asks for what is behind the last that it saw, while several writers commit."""
    project, environments = project_with(database, *(f"e{number}" for number in range(6)))
    each = 15
    writers = [threading.Thread(target=change, args=(database, id_, each)) for id_ in environments]
    for writer in writers:
        writer.start()
    seen: list[PhaseTransition] = []
    total = len(environments) * (2 + each)
    while len(seen) < total and any(writer.is_alive() for writer in writers):
        with database.reading() as session:
            seen += project_transitions(session, project, len(seen), 7)
    for writer in writers:
        writer.join()
    while len(seen) < total:
        with database.reading() as session:
            seen += project_transitions(session, project, len(seen), 7)
    assert [row.serial for row in seen] == list(range(1, total + 1))
    for id_ in environments:
        assert [row.sequence for row in seen if row.environment_id == id_] == list(range(1, each + 3))
