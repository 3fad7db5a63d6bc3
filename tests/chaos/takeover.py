"""How long until somebody else goes on with what a struck worker held."""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from models.database import Database
from models.operation import Operation
from models.vocabulary import UNFINISHED


@dataclass
class _Left:
    operation_id: str
    pid: int
    fence: int
    fault: str
    since: float


@dataclass
class Takeovers:
    """Looks at the database 20 times a second while something is left."""

    database: Database
    #: Seconds, by the fault.
    seconds: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    _left: list[_Left] = field(default_factory=list[_Left])
    _over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> "Takeovers":
        threading.Thread(target=self._look, name="takeovers", daemon=True).start()
        return self

    def stop(self) -> None:
        self._over.set()

    def struck(self, pid: int, fault: str) -> None:
        """The worker process `pid` was just killed or frozen."""
        with suppress(SQLAlchemyError), self.database.reading() as session:
            statement = select(Operation.id, Operation.fence).where(
                col(Operation.owner).like(f"%-{pid}-%"), col(Operation.status).in_(UNFINISHED)
            )
            for operation_id, fence in session.exec(statement).all():
                self._left.append(_Left(operation_id, pid, fence, fault, time.monotonic()))

    def woken(self, pid: int) -> None:
        """From here on it may go on itself: what is left now was not taken over while it was frozen."""
        late = [left for left in self._left if left.pid == pid]
        for left in late:
            self._left.remove(left)
            self.seconds.setdefault(f"{left.fault} (nobody came until it woke)", []).append(
                time.monotonic() - left.since
            )

    def _look(self) -> None:
        while not self._over.wait(0.05):
            for left in list(self._left):
                with suppress(SQLAlchemyError), self.database.reading() as session:
                    operation = session.get(Operation, left.operation_id)
                    if operation is None or operation.fence != left.fence or not operation.unfinished:
                        self.seconds.setdefault(left.fault, []).append(time.monotonic() - left.since)
                        with suppress(ValueError):  # it was woken at this very moment
                            self._left.remove(left)
