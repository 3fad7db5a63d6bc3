"""Finds the one object that a caller names. What the caller may not see does not exist for them."""

from typing import TypeVar

from sqlmodel import Session

from models.access import Access
from models.columns import is_id
from models.mutations.finding import not_found
from models.reads.lookup import rows_by_id
from models.reads.scope import Visible

Row = TypeVar("Row", bound=Visible)


def visible(session: Session, access: Access, table: type[Row], id_: str, field: str, prefix: str) -> Row:
    """The row that `field` names. Raises NotFound."""
    row = rows_by_id(session, access, table, [id_]).get(id_) if is_id(id_) else None
    if row is None:
        raise not_found(id_, field, prefix)
    return row
