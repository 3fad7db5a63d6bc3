"""The life of one environment: it is made, changed many times, looked at, and destroyed."""

import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from models.operation import Operation
from models.service import Release, Service
from models.vocabulary import UNFINISHED, OperationStatus
from tests.chaos.client import Client, Json
from tests.chaos.servers import Servers, await_true, patiently

#: Longer than any fault, lease and backoff together, in seconds.
PATIENCE = 150.0

FIRST = "query ($id: ID) { environment(id: $id) { phaseHistory { nodes { sequence cursor } } } }"

End = tuple[OperationStatus, datetime | None]


@dataclass
class Wanted:
    """What a service should be, as its last accepted mutation said."""

    id: str
    #: By revision: the image's tag, and the value of the secret variable.
    revisions: dict[int, tuple[str, str]]
    now: tuple[str, str]


@dataclass
class Story:
    servers: Servers
    client: Client
    rng: random.Random
    name: str
    #: The ids of the project's services, by name.
    blueprint: Mapping[str, str]
    project_id: str
    wanted: dict[str, Wanted] = field(default_factory=dict[str, Wanted])
    accepted: list[str] = field(default_factory=list[str])
    #: The faults that struck while it lived, by their name.
    faults: "Counter[str]" = field(default_factory=Counter[str])
    #: How and when each operation had ended when its end was first seen.
    ends: dict[str, End] = field(default_factory=dict[str, End])
    environment_id: str = ""
    #: Of its first transition: whoever follows it goes on behind that.
    first_cursor: str = ""
    #: Why operations failed that were then retried.
    failures: list[str] = field(default_factory=list[str])
    _tags: int = 0

    @property
    def domain(self) -> str:
        return f"{self.name}.chaos.test"

    def begin(self) -> None:
        answer = self.client.mutate(
            "createEnvironment", projectId=self.project_id, name=self.name, namespace=self.name, domain=self.domain
        )
        self.environment_id = answer["environment"]["id"]
        history = self.client.ask(FIRST, id=self.environment_id)["environment"]["phaseHistory"]["nodes"]
        [self.first_cursor] = [node["cursor"] for node in history if node["sequence"] == 1]
        for service in list(self.blueprint)[:2]:
            self.add(service)

    def change(self, times: int, over: threading.Event | None = None) -> None:
        for _ in range(times):
            if over is not None and over.is_set():
                return
            absent = [name for name in self.blueprint if name not in self.wanted]
            if absent and self.rng.random() < 0.4:
                self.add(self.rng.choice(absent))
            elif self.wanted:
                self._change_one(self.rng.choice(list(self.wanted)))
            if self.rng.random() < 0.5:
                self.settle()

    def settle(self) -> None:
        """Returns when nothing is under way and nothing is left failed: what gave up is tried again."""
        ends = time.monotonic() + PATIENCE
        while True:
            await_true(f"the operations of {self.name} ended", lambda: not self.unfinished(), PATIENCE)
            failed = self._failed()
            self._note_ends(failed)
            if not failed or time.monotonic() > ends:
                assert not failed, f"still failed: {failed}"
                return
            for operation_id in failed:
                self.client.mutate("retryOperation", keyed=False, operationId=operation_id)

    def destroy(self) -> None:
        self._send("destroyEnvironment", environmentId=self.environment_id, confirmName=self.name)
        self.settle()

    def add(self, name: str) -> None:
        configuration, now = self._configuration()
        answer = self._send(
            "addService",
            environmentId=self.environment_id,
            projectServiceId=self.blueprint[name],
            configuration=configuration,
        )
        self.wanted[name] = Wanted(answer["service"]["id"], {1: now}, now)

    def update(self, name: str) -> str:
        """Returns the operation."""
        service = self.wanted[name]
        configuration, now = self._configuration()
        answer = self._send("updateService", serviceId=service.id, configuration=configuration)
        service.now = service.revisions[answer["service"]["revision"]] = now
        return answer["operation"]["id"]

    def delete(self, name: str) -> None:
        self._send("deleteService", serviceId=self.wanted[name].id, confirm=True)
        self.settle()  # until then its name is taken
        del self.wanted[name]

    def _change_one(self, name: str) -> None:
        service = self.wanted[name]
        match self.rng.choices(("update", "rollback", "delete"), (6, 2, 1))[0]:
            case "update":
                self.update(name)
            case "rollback":
                self.settle()  # only what was released can be rolled back to
                revision = self.rng.choice(self._released(service.id))
                answer = self._send("rollbackService", serviceId=service.id, revision=revision)
                service.now = service.revisions[answer["service"]["revision"]] = service.revisions[revision]
            case _:
                self.delete(name)

    def _send(self, mutation: str, **fields: Any) -> Json:
        answer = self.client.mutate(mutation, **fields)
        assert "operation" in answer, f"{mutation} of {self.name} was refused: {answer}"
        self.accepted.append(answer["operation"]["id"])
        return answer

    def _configuration(self) -> tuple[Json, tuple[str, str]]:
        self._tags += 1
        tag, token = f"example.com/app:{self._tags}", f"token-{self._tags}-{self.rng.randrange(10**6)}"
        return {
            "source": {"image": {"image": tag}},
            "variables": [{"name": "TOKEN", "value": token, "secret": True}],
        }, (tag, token)

    def unfinished(self) -> bool:
        statement = select(Operation.id).where(
            Operation.environment_id == self.environment_id, col(Operation.status).in_(UNFINISHED)
        )
        try:
            with self.servers.database.reading() as session:
                return session.exec(statement).first() is not None
        except SQLAlchemyError:
            return True  # away: nobody knows

    def end(self, operation_id: str) -> End:
        with self.servers.database.reading() as session:
            return end_of(session.get_one(Operation, operation_id))

    def _note_ends(self, failed: list[str]) -> None:
        def look() -> list[Operation]:
            with self.servers.database.reading() as session:
                statement = select(Operation).where(Operation.environment_id == self.environment_id)
                return list(session.exec(statement).all())

        for operation in patiently(look):
            if operation.id not in failed:
                self.ends.setdefault(operation.id, end_of(operation))

    def _failed(self) -> list[str]:
        """The last operation of each service, where it has failed."""

        def look() -> list[str]:
            with self.servers.database.reading() as session:
                failed = [one for one in _latest(session, self.environment_id) if _gave_up(one)]
                self.failures += [f"{one.failure.step}: {one.failure.message}" for one in failed if one.failure]
                return [one.id for one in failed]

        return patiently(look)

    def _released(self, service_id: str) -> list[int]:
        statement = select(Release.revision).where(Release.service_id == service_id, col(Release.succeeded).is_(True))

        def look() -> list[int]:
            with self.servers.database.reading() as session:
                return list(session.exec(statement).all())

        return patiently(look)


def end_of(operation: Operation) -> End:
    return operation.status, operation.finished_at


def _gave_up(operation: Operation) -> bool:
    return operation.status is OperationStatus.FAILED


def _latest(session: Session, environment_id: str) -> list[Operation]:
    there = set(session.exec(select(Service.id).where(Service.environment_id == environment_id)).all())
    statement = select(Operation).where(Operation.environment_id == environment_id).order_by(col(Operation.number))
    latest: dict[str | None, Operation] = {}
    for operation in session.exec(statement).all():
        if operation.service_id is None:
            latest = {}
        if operation.service_id is None or operation.service_id in there:
            latest[operation.service_id] = operation
    return list(latest.values())
