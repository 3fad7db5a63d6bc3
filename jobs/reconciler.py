"""Looks at the health of every environment of a cluster in which nothing is under way: now and then, and soon after the
watch told that something moved. It repairs nothing.

A thread a cluster: one that does not answer holds up its own environments only.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy.exc import SQLAlchemyError

from jobs.errors import Permanent
from jobs.examination import ClusterSilent, Examination
from jobs.runner import PortsOf
from models.database import Database
from models.health import Health, LookedAt, ask_for_looks, claim_look, due_looks, keep_look, read_looked_at
from models.sealing import Sealer
from models.vocabulary import HealthState

log = structlog.get_logger("phaseline.reconciler")

#: What other processes have made due is looked for this often.
_TICK_SECONDS = 5.0


class Reconciler:
    """Looks at each environment every `seconds`. Events are collected for `pause` seconds: a burst is one look."""

    def __init__(
        self, database: Database, cluster: str, ports_of: PortsOf, sealer: Sealer, *, seconds: float, pause: float = 1.0
    ) -> None:
        self._database = database
        self._cluster = cluster
        self._ports_of = ports_of
        self._sealer = sealer
        self._seconds = seconds
        self._pause = pause
        self._moved: set[str] = set()
        self._lock = threading.Lock()
        self._anything = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name=f"reconciler {cluster}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._anything.set()

    def join(self, seconds: float) -> None:
        """Waits for the look that is under way, but not for longer."""
        self._thread.join(seconds)

    def changed(self, environment_id: str, service_id: str | None) -> None:
        """An object of the environment moved. That anything may have ("") is left to the next regular look."""
        if environment_id:
            with self._lock:
                self._moved.add(environment_id)
            self._anything.set()

    def look(self, environment_id: str) -> bool:
        """Looks at the environment now, if it is due and nobody else does. Raises SQLAlchemyError."""
        with self._database.writing() as session:
            look = claim_look(session, environment_id, self._seconds)
        if look is None:
            return False
        with self._database.reading() as session:
            seen = read_looked_at(session, look)
        if seen is None:
            return False
        found, trouble = self._examine(seen)
        with self._database.writing() as session:
            return keep_look(session, look, seen, found, trouble)

    def _examine(self, seen: LookedAt) -> tuple[Mapping[str, Health], str | None]:
        try:
            return Examination(self._ports_of(self._cluster), self._sealer, seen).health(), None
        except (ClusterSilent, Permanent) as silence:
            trouble = f"Cluster {self._cluster!r} could not be looked at: {silence}"
            unknown = Health(HealthState.UNKNOWN, trouble)
            return {service.id: unknown for service, _ in seen.services}, trouble

    def _keep_looking(self) -> None:
        # in a pool, so that a defect ends the look and not the thread
        with ThreadPoolExecutor(1, thread_name_prefix=f"looks at {self._cluster}") as pool:
            while not self._stopping.is_set():
                if self._anything.wait(_TICK_SECONDS):
                    self._stopping.wait(self._pause)
                try:
                    self._look_at_all(lambda id_: pool.submit(self.look, id_).exception())
                except SQLAlchemyError as error:
                    log.warning("the database is away", error=type(error).__name__)

    def _look_at_all(self, look: Callable[[str], BaseException | None]) -> None:
        self._anything.clear()
        with self._lock:
            moved, self._moved = self._moved, set()
        if moved:
            with self._database.writing() as session:
                ask_for_looks(session, moved)
        with self._database.reading() as session:
            due = due_looks(session, self._cluster)
        for environment_id in due:
            if self._stopping.is_set():
                return
            if (error := look(environment_id)) is not None:
                log.error("a look failed", environment=environment_id, exc_info=error)
