"""Values kept as JSON."""

from sqlalchemy.dialects import sqlite
from sqlmodel import Session

from models.columns import Json
from models.configuration import ServiceConfiguration
from models.database import Database
from models.project import Project, ProjectService
from models.vocabulary import ServiceKind
from models.workflow import Stage
from tests.jobs.seeds import CONFIGURATION


def read(session: Session, name: str) -> ServiceConfiguration:
    return session.get_one(ProjectService, name).configuration


def test_configurations_come_back_as_they_were(database: Database) -> None:
    with database.writing() as session:
        session.add(Project(id="p", name="p"))
        session.flush()
        kind = ServiceKind.APPLICATION
        for name in ("a", "b"):
            session.add(ProjectService(id=name, project_id="p", name=name, kind=kind, configuration=CONFIGURATION))
        changed = CONFIGURATION.model_copy(update={"arguments": ("--verbose",)})
        session.add(ProjectService(id="c", project_id="p", name="c", kind=kind, configuration=changed))
    with database.reading() as session:
        first = read(session, "a")
        assert first == CONFIGURATION
        assert read(session, "c") == changed
    with database.reading() as session:
        assert read(session, "a") is first, "what can't be changed is read once"
        assert read(session, "b") is first


def test_what_can_be_changed_is_nobody_elses() -> None:
    column = Json(list[Stage])
    first, second = (column.process_result_value('[{"kind":"SOURCE"}]', sqlite.dialect()) for _ in range(2))
    assert first == second
    assert first is not second
