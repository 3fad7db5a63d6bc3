"""Opaque places in lists. Whatever a client sends back instead of one is refused before the database sees it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Generic, Protocol, TypeVar, cast

import orjson
from graphql import GraphQLError
from sqlmodel import SQLModel

from models.environment import PhaseTransition
from models.reads.cursors import CursorRefused, cursor_of, sequence_behind
from models.reads.listing import Listing, Position
from resolvers.failures import FailureCode, failure

R = TypeVar("R", bound=SQLModel, contravariant=True)
Row = TypeVar("Row", bound=SQLModel)

#: What an integer column holds at most.
_MOST = 2**31 - 1


class Cursors(Protocol[R]):
    def of(self, row: R) -> str: ...

    def position(self, cursor: str, parent: str | None) -> Position:
        """Raises GraphQLError for what is no cursor of the parent's list."""
        ...


class KeyCursors(Generic[Row]):
    """The key of a row, with the name of its kind."""

    def __init__(self, listing: Listing[Row]) -> None:
        self._listing = listing
        self._name = listing.table.__name__

    def of(self, row: Row) -> str:
        return urlsafe_b64encode(orjson.dumps([self._name, *self._listing.position_of(row)])).decode().rstrip("=")

    def position(self, cursor: str, parent: str | None) -> Position:
        try:
            parts: Any = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        except ValueError:
            raise _refused(cursor) from None
        if not isinstance(parts, list):
            raise _refused(cursor)
        name, *position = cast("list[object]", parts) or [None]
        if name != self._name or not self._fits(position):
            raise _refused(cursor)
        return cast("Position", tuple(position))

    def _fits(self, position: list[object]) -> bool:
        kinds = [self._listing.table.model_fields[field].annotation for field in self._listing.key]
        return [type(part) for part in position] == kinds and all(map(_is_storable, position))


class TransitionCursors:
    """Those of the subscriptions: a client goes on with a subscription where the history ended."""

    def of(self, row: PhaseTransition) -> str:
        return cursor_of(row)

    def position(self, cursor: str, parent: str | None) -> Position:
        try:
            return (sequence_behind(cursor, parent or ""),)
        except CursorRefused:
            raise _refused(cursor) from None


def _is_storable(part: object) -> bool:
    if isinstance(part, int):
        return 0 <= part <= _MOST
    return "\0" not in str(part)


def _refused(cursor: str) -> GraphQLError:
    return failure(
        f"`after` is {cursor[:60]!r}, which is no cursor of this list. Give the `endCursor` of its previous page.",
        FailureCode.BAD_USER_INPUT,
    )
