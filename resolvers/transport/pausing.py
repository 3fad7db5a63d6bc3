"""Coroutines that are begun with `send(None)` outside of a task of their own, because most of them never pause."""

from collections.abc import Coroutine, Generator
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")


@coroutine
def continued(begun: Coroutine[Any, Any, T], pending: Any) -> Generator[Any, Any, T]:
    """Goes on with a coroutine that was begun and paused for `pending`."""
    while True:
        try:
            value = yield pending
        except BaseException as error:  # noqa: BLE001 whatever it is, it belongs to the coroutine
            step, argument = begun.throw, error
        else:
            step, argument = begun.send, value
        try:
            pending = step(argument)
        except StopIteration as ended:
            return ended.value
