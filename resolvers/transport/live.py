"""What a subscription's resolver returns so that equal subscriptions can share one execution."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Hashable
from typing import Protocol, TypeVar

T = TypeVar("T", covariant=True)

#: The argument of a live subscription that says where its client stands. What clients get to see of an event must not
#: depend on it.
CURSOR_ARGUMENT = "after"


class EventSource(Protocol):
    """Any source stream: an async generator, or a live source."""

    def __aiter__(self) -> AsyncIterator[object]: ...
    async def __anext__(self) -> object: ...
    async def aclose(self) -> None: ...


class LiveSource(AsyncIterator[T]):
    """A source stream whose events all have a place in one order: that of their topic.

    It first brings its own client up to the present, then gives the topic's events as they come. From then on, streams
    of one topic that stand at one place give the same events.
    """

    @property
    @abstractmethod
    def topic(self) -> Hashable:
        """What the order is of."""

    @property
    @abstractmethod
    def position(self) -> int | None:
        """The place of the last event that it gave. None while it gives a snapshot, whose events have none."""

    @abstractmethod
    async def aclose(self) -> None: ...
