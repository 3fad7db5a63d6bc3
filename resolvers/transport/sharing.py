"""Equal subscriptions share one execution: an event is executed and serialized once, and the same bytes go to all."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

from resolvers.transport.listener import Listener
from resolvers.transport.masking import failures_masked
from resolvers.transport.refusals import Refusal
from resolvers.transport.responses import Responses

#: Whoever else has something to do gets a turn after so many frames.
TURN = 200


@dataclass(eq=False, slots=True)
class Member:
    """One client's part in a group. It has seen everything up to `position` on its own."""

    group: "Group"
    listener: Listener
    position: int
    #: Done when no more events come.
    over: asyncio.Future[None]

    async def rest(self) -> None:
        """Returns when no more events come. Raises Refusal."""
        try:
            await self.over
        finally:
            self.leave()

    def leave(self) -> None:
        self.group.dismiss(self)


class Group:
    """Equal subscriptions that all are up to date. The last member that leaves ends it."""

    def __init__(self, responses: Responses, position: int, ended: Callable[["Group"], None]) -> None:
        self._responses = responses
        #: Everything up to here has gone out to its members.
        self._position = position
        self._ended = ended
        self._members: dict[Member, None] = {}
        self._sent = 0
        self._task = asyncio.create_task(self._run())

    def join(self, listener: Listener, position: int) -> Member | None:
        """None: at this position an event is lacking that has gone out before. Get it, and try again."""
        if position < self._position:
            return None
        member = Member(self, listener, position, asyncio.get_running_loop().create_future())
        self._members[member] = None
        return member

    def dismiss(self, member: Member) -> None:
        del self._members[member]
        if not self._members:
            self._ended(self)
            self._task.cancel()

    async def _run(self) -> None:
        refusal = None
        async with aclosing(self._responses):
            try:
                with failures_masked():
                    async for response in self._responses:
                        await self._send(response)
            except Refusal as raised:
                refusal = raised
            self._ended(self)
        for member in self._members:
            if not member.over.done():
                _finish(member.over, refusal)

    async def _send(self, response: bytes) -> None:
        position = self._position = self._responses.position or self._position
        for member in tuple(self._members):
            if member.position < position and member in self._members:
                member.listener.next(response)
                self._sent += 1
                if self._sent % TURN == 0:
                    await asyncio.sleep(0)


def _finish(over: asyncio.Future[None], refusal: Refusal | None) -> None:
    if refusal is None:
        over.set_result(None)
    else:
        over.set_exception(refusal)
