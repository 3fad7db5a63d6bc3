"""Frames reach the peer in order, none lost, however the pushing and the sending fall together."""

import asyncio

import pytest

from resolvers.transport import TransportLimits
from resolvers.transport.outbox import Outbox
from resolvers.transport.wire import Wire

pytestmark = pytest.mark.anyio


class SlowPeer:
    """Takes the frames that it is told to take slowly after some turns of the loop."""

    def __init__(self, turns: int) -> None:
        self.taken: list[bytes] = []
        self._turns = turns

    async def send(self, frame: bytes) -> None:
        if frame.startswith(b"slow"):
            for _ in range(self._turns):
                await asyncio.sleep(0)
        self.taken.append(frame)


@pytest.mark.parametrize("turns", range(1, 6))
@pytest.mark.parametrize("pushed_between", range(6))
async def test_a_frame_that_comes_as_the_writer_ends_is_sent(turns: int, pushed_between: int) -> None:
    peer = SlowPeer(turns)
    outbox = Outbox(Wire(), peer.send, TransportLimits())
    outbox.push(b"slow")
    pushed = [b"slow"]
    for turn in range(12):
        if turn >= pushed_between:
            pushed.append(b"%d" % turn)
            outbox.push(b"%d" % turn)
        await asyncio.sleep(0)
    await outbox.flushed()
    assert peer.taken == pushed
