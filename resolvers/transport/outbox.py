"""What is on its way to one peer: in order, bounded, and given up when the peer stops reading."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from resolvers.transport.limits import TransportLimits
from resolvers.transport.wire import Wire


class Outbox:
    """Sends frames to one peer without ever making the sender wait, unless the sender wants to.

    A frame goes out at once while the peer reads. When it does not, frames queue up; a queue that outgrows
    `backlog_size`, or whose head is not taken within `send_seconds`, cuts the connection: the client comes back with
    its cursor.
    """

    def __init__(self, wire: Wire, send: Callable[[bytes], Coroutine[Any, Any, None]], limits: TransportLimits) -> None:
        self._wire = wire
        self._send = send
        self._limits = limits
        #: Made when the peer does not keep up: most of the time there is none.
        self._waiting: deque[bytes] | None = None
        self._size = 0
        self._writer: asyncio.Task[None] | None = None
        self.closed = False

    def push(self, frame: bytes) -> None:
        """Sends a frame, or queues it behind those that the peer has not taken yet."""
        if self.closed:
            return
        if self._waiting is None:
            if not self._wire.write(frame):
                self._begin(frame)
        elif self._size > self._limits.backlog_size:
            self.give_up()
        else:
            self._queue(frame, self._waiting)

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
        self._wire.cut()

    def _queue(self, frame: bytes, waiting: deque[bytes]) -> None:
        waiting.append(frame)
        self._size += len(frame)

    def _begin(self, frame: bytes) -> None:
        self._waiting = deque()
        self._queue(frame, self._waiting)
        self._writer = asyncio.create_task(self._drain(self._waiting))
        self._writer.add_done_callback(self._written)

    async def _drain(self, waiting: deque[bytes]) -> None:
        try:
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
