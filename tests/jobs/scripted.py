"""Ports that do what a test scripts, to cause what no real server can be made to do at a given instant.

Nothing here replaces the adapters' own tests, which run against servers over HTTP.
"""

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any, cast

import redis

from jobs.ports import Applied, Inventory, Namespace, Ports
from jobs.queue import Queue, Ring

Script = Callable[[], Any]


class Scripted:
    """A port whose methods note that they were called and run the test's script, if there is one."""

    def __init__(self, name: str, world: "World") -> None:
        self._name = name
        self._world = world

    def under(self, _guard: object) -> "Scripted":
        return self

    def __getattr__(self, method: str) -> Any:
        def called(*args: Any, **kwargs: Any) -> Any:
            self._world.arguments[f"{self._name}.{method}"] = args
            return self._world.call(f"{self._name}.{method}")

        return called


class World:
    """What happened outside, in order."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        #: Those of the latest call of each.
        self.arguments: dict[str, tuple[Any, ...]] = {}
        self.scripts: dict[str, list[Script]] = defaultdict(list)
        self._lock = threading.Lock()

    def then(self, call: str, *scripts: Script) -> None:
        """The next calls of `call` run these, one each; later ones succeed."""
        self.scripts[call] += scripts

    def always(self, call: str, script: Script) -> None:
        self.scripts[call] = [script] * 1000

    def count(self, call: str) -> int:
        return self.calls.count(call)

    def call(self, name: str) -> Any:
        with self._lock:
            self.calls.append(name)
            script = self.scripts[name].pop(0) if self.scripts[name] else None
        if script is not None:
            return script()
        return _default(name)

    def ports(self) -> Ports:
        make = cast(Any, Scripted)
        return Ports(make("cluster", self), make("dns", self), make("secrets", self), ingress_address="192.0.2.1")


def _default(name: str) -> Any:
    match name:
        case "cluster.ensure_namespace":
            return Namespace("uid-of-namespace", ours=True)
        case "cluster.apply":
            return Applied(())
        case "cluster.remove_namespace":
            return None
        case "cluster.inventory":
            return Inventory(())
        case "secrets.names":
            return {}
        case "cluster.fetch_source":
            return "Fetched."
        case _:
            return ()


def raising(error: Exception) -> Script:
    """A script that raises."""

    def script() -> None:
        raise error

    return script


class SilentQueue(Queue):
    """Redis is away: nothing is sent, and nothing may depend on it."""

    def __init__(self) -> None:
        super().__init__(redis.Redis(port=1), "test")
        self.sent: list[str] = []
        self.rings: list[Ring] = []

    def send(self, operation_id: str) -> bool:
        self.sent.append(operation_id)
        return False

    def ring(self, ring: Ring) -> None:
        self.rings.append(ring)
