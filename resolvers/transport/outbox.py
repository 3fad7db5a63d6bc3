"""What is on its way to one peer: in order, bounded, and given up when the peer stops reading."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from resolvers.transport.limits import TransportLimits
from resolvers.transport.pausing import continued


class Outbox:
    """Sends frames to one peer without ever making the sender wait, unless the sender wants to.

    A frame goes out at once while the peer reads. When it does not, frames queue up; a queue that outgrows
    `backlog_size`, or whose head is not taken within `send_seconds`, cuts the connection: the client comes back with
    its cursor.
    """

    def __init__(
        self, send: Callable[[str], Coroutine[Any, Any, None]], cut: Callable[[], None], limits: TransportLimits
    ) -> None:
        self._send = send
        self._cut = cut
        self._limits = limits
        #: Made when the peer does not keep up: most of the time there is none.
        self._waiting: deque[str] | None = None
        self._size = 0
        self._writer: asyncio.Task[None] | None = None
        self.closed = False

    def push(self, frame: str) -> None:
        """Sends a frame, or queues it behind those that the peer has not taken yet."""
        if self.closed:
            return
        if self._waiting is None:
            self._begin(frame)
        elif self._size > self._limits.backlog_size:
            self.give_up()
        else:
            self._waiting.append(frame)
            self._size += len(frame)

    @property
    def busy(self) -> bool:
        """Whether the peer has something left to take."""
        return self._writer is not None

    async def ready(self) -> None:
        """Waits until the peer has taken everything, and lets others work meanwhile.

        For ever when the peer is gone: whoever sends to it is about to be cancelled.
        """
        await asyncio.sleep(0)
        await self.flushed()
        if self.closed:
            await asyncio.Event().wait()

    async def flushed(self) -> None:
        """Waits until the peer has taken everything, or is gone."""
        while self._writer is not None:
            await asyncio.wait([self._writer])

    def give_up(self) -> None:
        """Cuts the connection and forgets what was to be sent."""
        self.closed = True
        if self._waiting is not None:
            self._waiting.clear()
        if self._writer is not None:
            self._writer.cancel()
        self._cut()

    def _begin(self, frame: str) -> None:
        sending = self._send(frame)
        try:
            pending = sending.send(None)
        except StopIteration:
            return
        except OSError:
            self.closed = True
            return
        self._waiting = deque()
        self._writer = asyncio.create_task(self._drain(continued(sending, pending), self._waiting))
        self._writer.add_done_callback(self._written)

    async def _drain(self, begun: Awaitable[None], waiting: deque[str]) -> None:
        try:
            async with asyncio.timeout(self._limits.send_seconds):
                await begun
            while waiting:
                frame = waiting.popleft()
                self._size -= len(frame)
                async with asyncio.timeout(self._limits.send_seconds):
                    await self._send(frame)
            # At once: what is pushed before the loop gets to know that this task is done must not wait for it
            self._writer = self._waiting = None
        except TimeoutError:
            self.give_up()
        except OSError:
            self.closed = True

    def _written(self, writer: asyncio.Task[None]) -> None:
        if self._writer is writer:
            self._writer = self._waiting = None
