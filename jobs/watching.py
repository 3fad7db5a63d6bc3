"""Turns what moves in a cluster into a look at the operations that wait for it."""

import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from jobs.ports import Cluster
from models.database import Database
from models.operations.lease import running_environments, wake

log = structlog.get_logger("phaseline.watching")


class Waker:
    """Collects events for `pause` seconds, so that a burst of them is one look, then wakes what waits.

    At most one entry an environment and service is kept, so it can't grow beyond what there is.
    """

    def __init__(self, database: Database, offer: Callable[[str], bool], *, pause: float = 0.02) -> None:
        self._database = database
        self._offer = offer
        self._pause = pause
        self._moved: set[tuple[str, str | None]] = set()
        self._lock = threading.Lock()
        self._anything = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_waking, name="waker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._anything.set()

    def changed(self, environment_id: str, service_id: str | None) -> None:
        """An object of the service moved; ("", None): anything may have."""
        with self._lock:
            self._moved.add((environment_id, service_id))
        self._anything.set()

    def _keep_waking(self) -> None:
        while True:
            self._anything.wait()
            if self._stopping.wait(self._pause):
                return
            self._anything.clear()
            with self._lock:
                moved, self._moved = self._moved, set()
            try:
                self._wake(moved)
            except SQLAlchemyError as error:
                log.warning("the database is away", error=type(error).__name__)

    def _wake(self, moved: set[tuple[str, str | None]]) -> None:
        with self._database.reading() as session:
            running = set(running_environments(session))
        if ("", None) in moved:
            moved = {(environment, None) for environment in running}
        relevant = {(environment, service) for environment, service in moved if environment in running}
        if not relevant:
            return
        with self._database.writing() as session:
            found = [id_ for environment, service in relevant for id_ in wake(session, environment, service)]
        for operation_id in found:
            self._offer(operation_id)


class ClusterWatch:
    """A thread that watches one cluster for as long as the worker runs, and tells each of `listeners`."""

    def __init__(self, name: str, cluster: Cluster, *listeners: Callable[[str, str | None], None]) -> None:
        self._cluster = cluster
        self._listeners = listeners
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"watch {name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def _watch(self) -> None:
        self._cluster.watch(self._tell, self._stopping.is_set)

    def _tell(self, environment_id: str, service_id: str | None) -> None:
        for listener in self._listeners:
            listener(environment_id, service_id)
