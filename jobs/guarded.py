"""Ports that check the lease before every call, and before every request of it that changes something.

A worker that lost its lease touches nothing outside any more.
"""

from dataclasses import replace
from typing import Any, TypeVar, cast

from jobs.ports import Cluster, DnsZone, Guard, Ports, SecretStore

P = TypeVar("P", Cluster, DnsZone, SecretStore)


class _Guarded:
    def __init__(self, port: object, guard: Guard) -> None:
        self._port = port
        self._guard = guard

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def guarded(*args: Any, **kwargs: Any) -> Any:
            self._guard()
            return method(*args, **kwargs)

        return guarded


def _wrap(port: P, guard: Guard) -> P:
    return cast(P, _Guarded(port.under(guard), guard))


def guarded(ports: Ports, guard: Guard) -> Ports:
    """The same ports under `guard`, which raises when the lease is lost."""
    return replace(
        ports,
        cluster=_wrap(ports.cluster, guard),
        dns=_wrap(ports.dns, guard),
        secrets=_wrap(ports.secrets, guard),
    )
