"""Lists that are read page by page, by the key of the last row seen: the last page costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression, UnaryExpression, literal, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, func, select
from sqlmodel.sql.expression import SelectOfScalar

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
    """Up to `limit` rows of the list of each parent, in one statement."""
    if len(parents) == 1:  # the database stops at the limit, which it does not when it ranks
        return {parents[0]: read_page(session, listing.below(parents[0]), limit, after)}
    assert listing.parent is not None
    rank = func.row_number().over(partition_by=listing.parent, order_by=listing.order())
    rows = listing.where(listing.parent.in_(parents)).behind(after).rows
    ranked = rows.add_columns(listing.parent.label("parent"), rank.label("rank")).subquery()
    statement = select(aliased(listing.table, ranked), ranked.c.parent).where(ranked.c.rank <= limit)
    pages: dict[str, list[Row]] = {parent: [] for parent in parents}
    for row, parent in session.exec(statement.order_by(ranked.c.rank)).all():
        pages[parent].append(row)
    return dict(pages)


def count_rows(session: Session, listing: Listing[Row]) -> int:
    return session.exec(select(func.count()).select_from(listing.rows.subquery())).one()


def count_rows_of(session: Session, listing: Listing[Row], parents: Sequence[str]) -> dict[str, int]:
    """How many rows the list of each parent has, in one statement."""
    assert listing.parent is not None
    rows = listing.where(listing.parent.in_(parents)).rows.add_columns(listing.parent.label("parent")).subquery()
    counts = session.exec(select(rows.c.parent, func.count()).group_by(rows.c.parent)).all()
    return dict.fromkeys(parents, 0) | dict(counts)
