"""Accepts operations as the API does, and sees what becomes of them."""

import time
from datetime import UTC, datetime

from sqlmodel import col, func, select

from bench.installation import Installation
from bench.seeds import ENVIRONMENTS, SERVICES, new_id
from jobs.queue import Queue, connect
from models.access import Access
from models.installation import read_installation, redis_namespace
from models.mutations.request import Request
from models.mutations.update_service import update_service
from models.operation import Operation
from models.sealing import Sealer
from models.vocabulary import UNFINISHED, OperationStatus, Role

PATIENCE = 300.0
POLL = 0.02


class Accepting:
    """Accepts updates of one service after the other, and tells the workers."""

    def __init__(self, installed: Installation) -> None:
        self._database = installed.database
        self._sealer = Sealer(installed.environment["SECRETS_KEY"])
        self._request = Request(Access("bench", everywhere=Role.ADMIN))
        with installed.database.writing() as session:
            namespace = redis_namespace(read_installation(session))
        self._queue = Queue(connect(installed.environment["REDIS_URL"]), namespace)
        self._count = 0

    def accept(self) -> tuple[str, datetime]:
        """The operation, and when it was committed."""
        service = new_id("svc", self._count % ENVIRONMENTS, self._count // ENVIRONMENTS % SERVICES)
        self._count += 1
        change = {"deployment": {"replicas": 2}}
        with self._database.writing() as session:
            accepted = update_service(
                session, self._request, service_id=service, change=change, expected_revision=None, sealer=self._sealer
            )
        instant = datetime.now(UTC)
        self._queue.send(accepted.operation.id)
        return accepted.operation.id, instant

    def claimed_after(self) -> float:
        """Milliseconds until a worker has claimed one; returns when that has ended."""
        operation_id, accepted = self.accept()
        self.await_ends()
        with self._database.reading() as session:
            operation = session.get_one(Operation, operation_id)
        assert operation.status is OperationStatus.SUCCEEDED, operation.failure
        assert operation.started_at is not None
        return (operation.started_at - accepted).total_seconds() * 1000

    def await_ends(self) -> None:
        """Raises TimeoutError when something does not end."""
        unfinished = select(func.count()).select_from(Operation).where(col(Operation.status).in_(UNFINISHED))
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with self._database.reading() as session:
                if not session.exec(unfinished).one():
                    return
            time.sleep(POLL)
        raise TimeoutError(f"operations did not end within {PATIENCE} seconds")
