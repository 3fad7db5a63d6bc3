"""Forgets old history now and then. One in every worker process; several at once do no harm."""

import random
import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from models.database import Database
from models.retention import Retention, environments_with_old_history, forget_old_history, forget_old_keys

log = structlog.get_logger("phaseline.housekeeping")


class Housekeeper:
    """A thread that cleans up every `seconds`, give or take a half, so that workers started together spread out."""

    def __init__(self, database: Database, retention: Retention, *, seconds: float) -> None:
        self._database = database
        self._retention = retention
        self._seconds = seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_clean, name="housekeeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def clean(self) -> int:
        """Forgets all that is old; returns of how many environments. Raises SQLAlchemyError when that can't be done."""
        cleaned = 0
        while not self._stopping.is_set():
            with self._database.reading() as session:
                found = environments_with_old_history(session, self._retention)
            if not found:
                break
            for environment_id in found:
                with self._database.writing() as session:
                    forget_old_history(session, environment_id, self._retention)
            cleaned += len(found)
        with self._database.writing() as session:
            forget_old_keys(session, self._retention)
        return cleaned

    def _keep_clean(self) -> None:
        while not self._stopping.wait(self._seconds * random.uniform(0.5, 1.5)):  # noqa: S311
            try:
                cleaned = self.clean()
            except SQLAlchemyError as error:
                log.warning("old history could not be forgotten", error=type(error).__name__)
            else:
                log.info("old history is forgotten", environments=cleaned)
