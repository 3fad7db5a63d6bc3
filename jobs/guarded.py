"""Ports that check the lease before every call: a worker that lost it touches nothing outside any more."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

from jobs.ports import Ports

P = TypeVar("P")


class _Guarded:
    def __init__(self, port: object, guard: Callable[[], None]) -> None:
        self._port = port
        self._guard = guard

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def guarded(*args: Any, **kwargs: Any) -> Any:
            self._guard()
            return method(*args, **kwargs)

        return guarded


def _wrap(port: P, guard: Callable[[], None]) -> P:
    return cast(P, _Guarded(port, guard))


def guarded(ports: Ports, guard: Callable[[], None]) -> Ports:
    """The same ports, each call of which first calls `guard`, which raises when the lease is lost."""
    return replace(
        ports,
        cluster=_wrap(ports.cluster, guard),
        dns=_wrap(ports.dns, guard),
        secrets=_wrap(ports.secrets, guard),
    )
