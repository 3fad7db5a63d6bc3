"""The `Records` port: what the database keeps, written under one operation's lease."""

from collections.abc import Sequence

from jobs.ports import Record
from models.database import Database
from models.operations import history
from models.operations.lease import Lease


class LeasedRecords:
    """Raises LeaseLost from every write when the lease is gone."""

    def __init__(self, database: Database, lease: Lease, service_id: str | None) -> None:
        self._database = database
        self._lease = lease
        self._service_id = service_id

    def keep_namespace(self, uid: str) -> None:
        with self._database.writing() as session:
            history.keep_namespace(session, self._lease, uid)

    def start_release(self, image: str) -> None:
        with self._database.writing() as session:
            history.start_release(session, self._lease, image)

    def history(self) -> Sequence[Record]:
        with self._database.reading() as session:
            entries = history.history(session, self._lease.environment_id, self._service_id)
        return [Record(entry.kind, entry.name, entry.service) for entry in entries]

    def remove_history(self) -> int:
        with self._database.writing() as session:
            return history.remove_history(session, self._lease)
