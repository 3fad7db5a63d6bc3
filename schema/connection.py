"""Lists that clients page through: Relay's connections, forward only."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Generic, TypeAlias, TypeVar

import strawberry

T = TypeVar("T")

MOST = 100
DEFAULT = 20

First: TypeAlias = Annotated[
    int | None, strawberry.argument(description=f"How many at most, up to {MOST}. Null: {DEFAULT}.")
]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Goes on behind this cursor: the previous page's `pageInfo.endCursor`.")
]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follows: then ask again with `after: endCursor`.")
    has_previous_page: bool = strawberry.field(description="Whether the page was asked for with `after`.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last item; null on an empty page.")


@strawberry.type(description="An item of a list, with its place.")
class Edge(Generic[T]):
    node: T = strawberry.field(description="The item.")
    cursor: str = strawberry.field(description="Its place. Give it as `after` to go on behind this item.")


@strawberry.type
class Connection(Generic[T]):
    nodes: list[T] = strawberry.field(description="The items of this page.")
    #: The cursor of the node at this place of the page.
    cursor_of: strawberry.Private[Callable[[int], str]]
    has_previous_page: strawberry.Private[bool]
    has_next_page: strawberry.Private[bool]
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="Whether and where the list goes on.")
    def page_info(self) -> PageInfo:
        return PageInfo(
            has_next_page=self.has_next_page,
            has_previous_page=self.has_previous_page,
            start_cursor=self.cursor_of(0) if self.nodes else None,
            end_cursor=self.cursor_of(len(self.nodes) - 1) if self.nodes else None,
        )

    @strawberry.field(description="The items of this page, each with its cursor.")
    def edges(self) -> list[Edge[T]]:
        # made when asked for, as `page_info`: most clients read the nodes alone, and a cursor takes longer than a node
        return [Edge(node=node, cursor=self.cursor_of(place)) for place, node in enumerate(self.nodes)]

    @strawberry.field(description="How many items all pages hold together. Counted only when it is asked for.")
    async def total_count(self) -> int:
        return await self.count()
