"""Connections over listings: a page of rows becomes what clients see."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar

from sqlmodel import Session, SQLModel

from models.reads.listing import Listing, Position, count_rows, count_rows_of, read_page, read_pages
from resolvers.batching import Loader
from resolvers.cursors import Cursors, KeyCursors
from resolvers.failures import FailureCode, failure
from schema.connection import DEFAULT, MOST, Connection

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row", bound=SQLModel)
C = TypeVar("C", bound=Connection[Any])

#: A parent, how many of its rows, and behind which.
_Asked = tuple[str, int, Position | None]


class Read(Protocol):
    """Runs a function over a session of the database."""

    def __call__(
        self, function: Callable[Concatenate[Session, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Awaitable[R]: ...


@dataclass(frozen=True)
class View(Generic[Row, C]):
    """How the rows of a listing look to clients."""

    listing: Listing[Row]
    node_of: Callable[[Row], Any]
    connection: type[C]
    cursors: Cursors[Row]

    def page(self, rows: Sequence[Row], first: int, after: str | None, count: Callable[[], Awaitable[int]]) -> C:
        """`rows` has one more than the page where the list goes on."""
        shown = rows[:first]
        return self.connection(
            nodes=[self.node_of(row) for row in shown],
            cursor_of=lambda place: self.cursors.of(shown[place]),
            has_previous_page=bool(after),
            has_next_page=len(rows) > first,
            count=count,
        )

    def position(self, after: str | None, parent: str | None = None) -> Position | None:
        """Raises GraphQLError for what is no cursor of this list."""
        return self.cursors.position(after, parent) if after else None


def view_of(listing: Listing[Row], node_of: Callable[[Row], Any], connection: type[C]) -> View[Row, C]:
    """With the rows' keys for cursors."""
    return View(listing, node_of, connection, KeyCursors(listing))


def page_size(first: int | None) -> int:
    """Raises GraphQLError for one that can't be."""
    size = DEFAULT if first is None else first
    if not 0 <= size <= MOST:
        raise failure(
            f"`first` is {first}; it must be from 0 to {MOST}. Ask for more with `after`.", FailureCode.BAD_USER_INPUT
        )
    return size


async def whole_list(read: Read, view: View[Row, C], first: int | None, after: str | None) -> C:
    """A page of a list that has no parent. Raises GraphQLError for a page that can't be."""
    size = page_size(first)
    rows = await read(read_page, view.listing, size + 1, view.position(after))
    return view.page(rows, size, after, lambda: read(count_rows, view.listing))


class ParentPages(Generic[Row, C]):
    """The lists of many parents. Equal pages that are asked for together share a statement, and so do counts."""

    def __init__(self, read: Read, view: View[Row, C]) -> None:
        self._read = read
        self._view = view
        self._rows: Loader[_Asked, Sequence[Row]] = Loader(partial(_load_rows, read, view.listing))

    @cached_property
    def _counts(self) -> Loader[str, int]:
        return Loader(partial(_load_counts, self._read, self._view.listing))

    async def of(self, parent: str, first: int | None, after: str | None) -> C:
        """Raises GraphQLError for a page that can't be."""
        [page] = await self.of_all([parent], first, after)
        return page

    async def of_all(self, parents: Sequence[str], first: int | None, after: str | None) -> list[C]:
        """Raises GraphQLError for a page that can't be."""
        size = page_size(first)
        asked = [(parent, size + 1, self._view.position(after, parent)) for parent in parents]
        pages = await self._rows.load_many(asked)
        return [
            self._view.page(rows, size, after, partial(self._count, parent))
            for parent, rows in zip(parents, pages, strict=True)
        ]

    def _count(self, parent: str) -> Awaitable[int]:
        return self._counts.load(parent)


async def _load_rows(read: Read, listing: Listing[Row], asked: list[_Asked]) -> list[Sequence[Row]]:
    parents: dict[tuple[int, Position | None], list[str]] = {}
    for parent, limit, after in asked:
        parents.setdefault((limit, after), []).append(parent)
    pages = {page: await read(read_pages, listing, of_page, *page) for page, of_page in parents.items()}
    return [pages[limit, after][parent] for parent, limit, after in asked]


async def _load_counts(read: Read, listing: Listing[Any], parents: list[str]) -> list[int]:
    counts = await read(count_rows_of, listing, parents)
    return [counts[parent] for parent in parents]
