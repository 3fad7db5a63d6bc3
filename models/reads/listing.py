"""Lists that are read page by page, by the key of the last row seen: the last page costs what the first does."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    SQLColumnExpression,
    String,
    UnaryExpression,
    cast,
    column,
    inspect,
    literal,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, func, select
from sqlmodel.sql.expression import Select, SelectOfScalar

Row = TypeVar("Row", bound=SQLModel)
Position = tuple[str | int, ...]


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """Rows in the order of a key that is unique among them, or among those of one parent."""

    table: type[Row]
    rows: SelectOfScalar[Row]
    key: tuple[str, ...]
    #: What tells whose list a row is in; None: there is but one list.
    parent: SQLColumnExpression[Any] | None = None
    newest_first: bool = False

    def where(self, *conditions: ColumnElement[bool]) -> "Listing[Row]":
        return replace(self, rows=self.rows.where(*conditions))

    def below(self, parent: str) -> "Listing[Row]":
        """The one list of this parent."""
        assert self.parent is not None
        return replace(self.where(self.parent == parent), parent=None)

    def behind(self, position: Position | None) -> "Listing[Row]":
        """What comes after the row at that position, which need not be there any more."""
        if position is None:
            return self
        here, there = tuple_(*self._columns()), tuple_(*map(literal, position))
        return self.where(here < there if self.newest_first else here > there)

    def order(self) -> list[UnaryExpression[Any]]:
        return [column.desc() if self.newest_first else column.asc() for column in self._columns()]

    def position_of(self, row: Row) -> Position:
        return tuple(getattr(row, name) for name in self.key)

    def _columns(self) -> list[SQLColumnExpression[Any]]:
        return [getattr(self.table, name) for name in self.key]


def page_of(listing: Listing[Row], limit: int, after: Position | None) -> SelectOfScalar[Row]:
    """Selects up to `limit` rows of one list."""
    return listing.behind(after).rows.order_by(*listing.order()).limit(limit)


def read_page(session: Session, listing: Listing[Row], limit: int, after: Position | None) -> Sequence[Row]:
    return session.exec(page_of(listing, limit, after)).all()


def read_pages(
    session: Session, listing: Listing[Row], parents: Sequence[str], limit: int, after: Position | None
) -> dict[str, Sequence[Row]]:
    """Up to `limit` rows of the list of each parent, in one statement that stops in each list at the limit."""
    if len(parents) == 1:
        return {parents[0]: read_page(session, listing.below(parents[0]), limit, after)}
    pages: dict[str, list[Row]] = {parent: [] for parent in parents}
    for row, parent in session.exec(pages_of(session, listing, parents, limit, after)).all():
        pages[parent].append(row)
    return dict(pages)


def pages_of(
    session: Session, listing: Listing[Row], parents: Sequence[str], limit: int, after: Position | None
) -> Select[Row, Any]:
    """Selects the rows of all pages, each with its parent.

    To rank the rows would read the lists to their ends. SQLite has no LATERAL; there a page is the keys of its rows.
    """
    assert listing.parent is not None
    lateral = session.get_bind().dialect.name == "postgresql"
    text = literal(json.dumps(parents))
    items = func.json_array_elements_text(cast(text, JSON)) if lateral else func.json_each(text)
    asked = items.table_valued(column("value", String)).alias("asked")
    page = page_of(listing.where(listing.parent == asked.c.value), limit, after).correlate(asked)
    if lateral:
        inner = page.lateral("page")
        row = aliased(listing.table, inner)
        statement = select(row, asked.c.value).join_from(asked, inner, true())
    else:
        row = aliased(listing.table)
        here, keys = _primary_key(row), page.with_only_columns(*_primary_key(listing.table))
        statement = select(row, asked.c.value).join_from(asked, row, tuple_(*here).in_(keys))
    return statement.order_by(*replace(listing, table=row).order())


def _primary_key(table: Any) -> list[SQLColumnExpression[Any]]:
    return [getattr(table, column.key) for column in inspect(table).mapper.primary_key]


def count_rows(session: Session, listing: Listing[Row]) -> int:
    return session.exec(select(func.count()).select_from(listing.rows.subquery())).one()


def count_rows_of(session: Session, listing: Listing[Row], parents: Sequence[str]) -> dict[str, int]:
    """How many rows the list of each parent has, in one statement."""
    assert listing.parent is not None
    rows = listing.where(listing.parent.in_(parents)).rows.add_columns(listing.parent.label("parent")).subquery()
    counts = session.exec(select(rows.c.parent, func.count()).group_by(rows.c.parent)).all()
    return dict.fromkeys(parents, 0) | dict(counts)
