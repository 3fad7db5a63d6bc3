"""What is written to the log, and what never is."""

import json
from collections.abc import Generator

import pytest
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import text

from models.database import Database
from models.logs import LogFormat, configure_logs

SECRET = "correct-horse-battery-staple"


@pytest.fixture(autouse=True)
def configured_again() -> Generator[None]:
    yield
    structlog.reset_defaults()


def fail_with_a_secret(database: Database) -> None:
    password = SECRET
    try:
        with database.reading() as session:
            session.connection().execute(text("SELECT * FROM nowhere WHERE a = :password"), {"password": password})
    except SQLAlchemyError:
        structlog.get_logger("test").exception("step raised", step="secrets")


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_no_values(form: LogFormat, capsys: pytest.CaptureFixture[str], database: Database) -> None:
    configure_logs("INFO", form)

    fail_with_a_secret(database)

    written = capsys.readouterr().err
    assert "step raised" in written
    assert "fail_with_a_secret" in written
    assert SECRET not in written


def test_json_is_one_line_an_event_and_the_level_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("WARNING", "json")
    log = structlog.get_logger("test")

    log.info("not this")
    log.warning("redis is away", what="ring")

    [line] = capsys.readouterr().err.splitlines()
    event = json.loads(line)
    assert (event["event"], event["level"], event["what"]) == ("redis is away", "warning", "ring")
    assert event["timestamp"].endswith("Z")
