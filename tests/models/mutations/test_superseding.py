"""A newer re-deploy supersedes what is queued, and never what a worker has just begun."""

import threading
import time

from sqlmodel import Session, text

from models.database import Database
from models.operations.lease import claim
from models.vocabulary import OperationKind, OperationStatus
from tests.jobs.seeds import seed


def test_one_that_is_being_claimed_is_not_superseded(database: Database) -> None:
    staging = seed(database, "web")
    older = staging.queue(OperationKind.UPDATE_SERVICE, "web")
    newer: list[str] = []
    thread = threading.Thread(target=lambda: newer.append(staging.queue(OperationKind.UPDATE_SERVICE, "web")))

    with database.writing() as session:
        assert claim(session, older, "worker", 60) is not None
        session.flush()
        thread.start()
        await_lock(session)
    thread.join()

    claimed = staging.operation(older)
    assert (claimed.status, claimed.owner, claimed.failure) == (OperationStatus.RUNNING, "worker", None)
    assert staging.operation(newer[0]).status is OperationStatus.QUEUED


def await_lock(session: Session) -> None:
    """Returns when somebody waits for a lock. On SQLite whoever writes waits from the beginning."""
    if session.get_bind().dialect.name == "sqlite":
        return
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while session.connection().execute(waiting).scalar_one() == 0:
        time.sleep(0.01)
