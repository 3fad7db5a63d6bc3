"""New rows that the session does not keep."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from models.database import Database
from models.project import Project, ProjectService
from models.rows import write_rows
from models.vocabulary import ServiceKind
from models.workflow import Stage, Workflow
from tests.jobs.seeds import CONFIGURATION


def blueprint(name: str) -> ProjectService:
    return ProjectService(project_id="p", name=name, kind=ServiceKind.CRON_JOB, configuration=CONFIGURATION)


def test_they_come_back_as_if_the_session_had_written_them(database: Database) -> None:
    written = [blueprint("a"), blueprint("b")]
    with database.writing() as session:
        write_rows(session, Project(id="p", name="p"))
        write_rows(session, *written)
    with database.reading() as session:
        assert session.get_one(Project, "p").last_serial == 0
        found = session.exec(select(ProjectService).order_by(ProjectService.name)).all()
    assert [row.model_dump() for row in found] == [row.model_dump() for row in written]


def test_they_go_with_their_transaction(database: Database) -> None:
    with database.writing() as session:
        write_rows(session, Project(id="p", name="p"))
        with pytest.raises(IntegrityError):
            write_rows(session, blueprint("a"), blueprint("a"))
        session.rollback()
    with database.reading() as session:
        assert session.exec(select(Project)).all() == []


def test_a_row_has_defaults_of_its_own() -> None:
    one, other = (Workflow(service_id="s", operation_id="o", revision=1, stages=list[Stage]()) for _ in range(2))
    assert one.id != other.id
    assert one.finished_at is None
    assert Workflow(id="w", service_id="s", operation_id="o", revision=1, stages=[]).id == "w"
    with pytest.raises(KeyError, match="colour"):
        Project(name="p", colour="red")  # pyright: ignore[reportCallIssue]
