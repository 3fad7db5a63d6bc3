"""Sees what a session writes, so that no mutation can forget to tell."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

from sqlalchemy import event, inspect
from sqlmodel import Session

from models.audit.entry import FieldChange
from models.audit.fields import FIELDS, Fields, differences, flat
from models.columns import Table


class Observed:
    """The audited rows that one session has touched, each with how it was before."""

    def __init__(self) -> None:
        self._before: dict[int, tuple[Table, Fields]] = {}
        self._deleted = set[int]()

    def before_flush(self, session: Session, _context: object, _instances: object) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            if type(row) in FIELDS and id(row) not in self._before:
                self._before[id(row)] = (row, {} if row in session.new else flat(_earlier(row)))
        self._deleted |= {id(row) for row in session.deleted}

    def changes(self) -> Iterator[FieldChange]:
        """What has become of them, in the order in which they were touched."""
        for key, (row, before) in self._before.items():
            values = {} if key in self._deleted else {field: getattr(row, field) for field in FIELDS[type(row)]}
            yield from differences(str(getattr(row, "id")), before, flat(values))  # noqa: B009 each of FIELDS has one


@contextmanager
def observed(session: Session) -> Generator[Observed]:
    """Looks on until the end of the block; what is not flushed by then is not seen."""
    seen = Observed()
    event.listen(session, "before_flush", seen.before_flush)
    try:
        yield seen
        session.flush()
    finally:
        event.remove(session, "before_flush", seen.before_flush)


def _earlier(row: Table) -> dict[str, object]:
    attributes = inspect(row, raiseerr=True).attrs
    return {field: (attributes[field].history.deleted or (getattr(row, field),))[0] for field in FIELDS[type(row)]}
