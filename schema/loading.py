"""Fields whose values are loaded for many objects at once: for all the services of a page, not for each."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import strawberry

from schema.context import Context, Loader, Loaders, Pages
from schema.node import Node

#: In a field's metadata: what the executor calls instead of the resolver, when it has many objects.
LOAD = "load"


def pages_of(pages: Callable[[Loaders], Pages[Any]]) -> Mapping[str, Any]:
    """The metadata of a field that gives each object a page."""

    def load(
        context: Context, parents: Sequence[Node], first: int | None = None, after: str | None = strawberry.UNSET
    ) -> Awaitable[Sequence[Any]]:
        return pages(context.loaders).of_all([parent.id for parent in parents], first, after)

    return {LOAD: load}


def found_by(loader: Callable[[Loaders], Loader[Any, Any]], key: str) -> Mapping[str, Any]:
    """The metadata of a field that gives each object what its attribute `key` refers to."""
    key_of = attrgetter(key)

    def load(context: Context, objects: Sequence[Any]) -> Awaitable[Sequence[Any]]:
        return loader(context.loaders).load_many(list(map(key_of, objects)))

    return {LOAD: load}
