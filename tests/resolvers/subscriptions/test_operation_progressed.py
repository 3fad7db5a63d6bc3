"""operationProgressed: the operation as it is, and again after every change."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from models.operations.ending import end
from models.operations.lease import Lease, claim
from models.operations.progress import Progress
from models.vocabulary import OperationKind, OperationStatus, StepStatus
from tests.resolvers.conftest import RedisServer
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import running
from tests.resolvers.subscriptions.following import OPERATION, Changer, following

pytestmark = pytest.mark.anyio


class Worker(Changer):
    """Carries one operation on."""

    def __init__(self, api: Api, redis_server: RedisServer) -> None:
        super().__init__(running(api, "web"), redis_server.url)
        self.operation_id = self.seeded.queue(OperationKind.UPDATE_SERVICE, "web")

    def claim(self) -> Lease:
        with self.seeded.database.writing() as session:
            lease = claim(session, self.operation_id, "worker", 60)
        assert lease is not None
        self.ring(self.operation_id)
        return lease

    def write(self, change: Callable[[Session], Any]) -> None:
        with self.seeded.database.writing() as session:
            change(session)
        self.ring(self.operation_id)


@pytest.fixture
def worker(api: Api, redis_server: RedisServer) -> Worker:
    return Worker(api, redis_server)


async def test_as_it_is_then_after_every_change_until_it_ends(api: Api, worker: Worker) -> None:
    async with following(api.url, OPERATION, id=worker.operation_id) as followed:
        first = await followed.next()
        assert first["status"] == "QUEUED"
        assert {step["status"] for step in first["steps"]} == {"PENDING"}
        name = first["steps"][0]["name"]

        lease = worker.claim()
        assert (await followed.next())["status"] == "RUNNING"
        worker.write(lambda session: Progress(session, lease).begin(name))
        assert (await followed.next())["steps"][0]["status"] == "RUNNING"
        worker.write(lambda session: Progress(session, lease).end(name, StepStatus.SUCCEEDED, message="done"))
        assert (await followed.next())["steps"][0] == {"name": name, "status": "SUCCEEDED", "message": "done"}
        worker.ring(worker.operation_id)
        await followed.socket.alive()
        worker.write(lambda session: end(session, lease, OperationStatus.SUCCEEDED))
        assert (await followed.next())["status"] == "SUCCEEDED"
        await followed.completed()

    async with following(api.url, OPERATION, id=worker.operation_id) as late:
        assert (await late.next())["status"] == "SUCCEEDED"
        await late.completed()


async def test_what_is_not_there(api: Api, worker: Worker) -> None:
    for id_ in ("opr_0", worker.seeded.environment_id, ""):
        async with following(api.url, OPERATION, id=id_) as followed:
            assert (await followed.error())["extensions"]["code"] == "NOT_FOUND"
