"""The history that watches read: in order, without gaps, and bounded."""

import asyncio
from collections.abc import Sequence

import pytest

from embedded.kubernetes.history import KEPT, Change, Expired, History
from embedded.kubernetes.resources import Resource

_SECRETS = Resource("", "v1", "Secret", "secrets", namespaced=True)

pytestmark = pytest.mark.anyio


def _change(version: int) -> Change:
    return Change("ADDED", _SECRETS, {"metadata": {"name": str(version)}}, None, version)


async def _first(history: History, version: int) -> Sequence[Change]:
    async for changes in history.follow(version, 10, 10):
        return changes
    return ()


async def test_who_follows_gets_each_change_once_and_in_order() -> None:
    history, seen = History(0), list[int]()

    async def read() -> None:
        async for changes in history.follow(0, 60, 60):
            seen.extend(change.version for change in changes)

    reader = asyncio.create_task(read())
    for version in range(1, 101):
        history.append(_change(version))
        if version % 7 == 0:
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    history.close()
    await reader
    assert seen == list(range(1, 101))


async def test_only_so_many_are_kept() -> None:
    history = History(5)
    for version in range(6, 6 + 2 * KEPT + 1):
        history.append(_change(version))
    with pytest.raises(Expired, match="too old resource version: 5 "):
        await _first(history, 5)
    newest = 5 + 2 * KEPT + 1
    assert [change.version for change in await _first(history, newest - 1)] == [newest]


async def test_who_falls_behind_is_told() -> None:
    history = History(0)
    history.append(_change(1))
    follow = history.follow(0, 60, 60)
    assert len(await anext(follow)) == 1
    for version in range(2, 2 + 3 * KEPT):
        history.append(_change(version))
    with pytest.raises(Expired):
        await anext(follow)


async def test_a_version_of_an_earlier_run_is_gone() -> None:
    with pytest.raises(Expired):
        await _first(History(100), 99)


async def test_silence_is_told_and_ends() -> None:
    pulses = [changes async for changes in History(0).follow(0, 0.05, 0.01)]
    assert pulses
    assert not any(pulses)
