"""The leases that this worker holds: kept alive together, and known to be lost before anybody else may claim them."""

import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from models.clock import host_clock
from models.database import Database
from models.operations.lease import Lease, LeaseLost, claim, give_up, hand_back, renew
from models.operations.subject import Subject, read_subject


@dataclass
class Held:
    """A lease and until when we may act under it, by our host's clock, which goes on while the host sleeps."""

    lease: Lease
    #: As it was when it was claimed.
    subject: Subject
    deadline: float
    #: Set when all leases of this worker are handed back.
    stopping: threading.Event

    def guard(self) -> None:
        """Called before every effect outside. Raises LeaseLost: somebody else may have the operation by now."""
        if host_clock() > self.deadline or self.stopping.is_set():
            raise LeaseLost(self.lease.operation_id)

    def renewed(self, started: float) -> None:
        """By a statement that was sent at this instant of the host's clock, or later."""
        self.deadline = max(self.deadline, deadline_of(started, self.lease.seconds))


def deadline_of(started: float, seconds: float) -> float:
    """Counted from before the statement was sent, and short of the lease: we stop before others may begin."""
    return started + seconds * 0.75


class LeaseKeeper:
    """Claims operations for this worker and renews what it holds every `beat` seconds, in one statement."""

    def __init__(self, database: Database, owner: str, *, seconds: float, beat: float) -> None:
        self.owner = owner
        self._database = database
        self._seconds = seconds
        self._beat = beat
        self._held: dict[str, Held] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_renewing, name="leases", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @contextmanager
    def holding(self, operation_id: str) -> Generator[Held | None]:
        """Claims the operation for the length of the block; None if it is somebody else's or must wait.

        A block that raises gives the operation up: somebody looks at it again a beat later.
        """
        held = None if self._stopping.is_set() else self._claim(operation_id)
        if held is None:
            yield None
            return
        self._held[operation_id] = held
        ended = False
        try:
            yield held
            ended = True
        finally:
            if self._held.get(operation_id) is held:
                del self._held[operation_id]
            if not ended:
                self._give_up(held.lease)

    def _claim(self, operation_id: str) -> Held | None:
        started = host_clock()
        with self._database.writing() as session:
            lease = claim(session, operation_id, self.owner, self._seconds)
            if lease is None:
                return None
            deadline = deadline_of(started, lease.seconds)
            return Held(lease, read_subject(session, lease), deadline, self._stopping)

    def stop(self) -> list[str]:
        """Hands every lease back, so that other workers go on at once. What still runs here stops at its next guard."""
        self._stopping.set()
        with suppress(SQLAlchemyError), self._database.writing() as session:
            return hand_back(session, self.owner)
        return []

    def _give_up(self, lease: Lease) -> None:
        with suppress(SQLAlchemyError), self._database.writing() as session:  # else it runs out
            give_up(session, lease, self._beat)

    def _keep_renewing(self) -> None:
        while not self._stopping.wait(self._beat):
            if self._held:
                with suppress(SQLAlchemyError):  # the deadlines run out by themselves
                    self._renew()

    def _renew(self) -> None:
        started = host_clock()
        with self._database.writing() as session:
            fences = renew(session, self.owner, list(self._held), self._seconds)
        for operation_id, held in list(self._held.items()):
            if fences.get(operation_id) == held.lease.fence:
                held.renewed(started)
