"""An outside world that survives its visitors: effects are lines of a file, and faults strike once at a given call."""

import os
import signal
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, cast

from jobs.ports import Applied, Inventory, Namespace, Ports


class Outside:
    """What the workers of a test did, in order, by whom."""

    def __init__(self, folder: Path, calm: AbstractContextManager[Any] | None = None) -> None:
        """`calm` is held while a fault strikes: nobody else in the process is in a transaction then."""
        self._log = folder / "effects"
        self._faults = folder
        self._calm = calm or nullcontext()

    def plan_fault(self, call: str, number: int) -> None:
        """The first worker that makes this call gets the signal, in the middle of it."""
        (self._faults / f"fault {call}").write_text(str(number))

    def effects(self) -> list[str]:
        return self._log.read_text().splitlines() if self._log.exists() else []

    def call(self, name: str) -> Any:
        line = f"{name} {os.getpid()}\n".encode()
        with self._log.open("ab", buffering=0) as log:
            log.write(line)
        self._strike(name)
        match name:
            case "cluster.ensure_namespace":
                return Namespace("uid", ours=True)
            case "cluster.apply":
                return Applied(())
            case "cluster.remove_namespace":
                return None
            case "cluster.inventory":
                return Inventory(())
            case _:
                return ()

    def _strike(self, name: str) -> None:
        fault = self._faults / f"fault {name}"
        try:
            number = int(fault.read_text())
            fault.unlink()
        except FileNotFoundError:
            return
        with self._calm:
            os.kill(os.getpid(), number)
            time.sleep(0.2)  # a stop reaches the thread that sent it a moment later

    def ports(self) -> Ports:
        return Ports(self._port("cluster"), self._port("dns"), self._port("secrets"), "192.0.2.1")

    def _port(self, name: str) -> Any:
        return cast(Any, _Port(name, self))


class _Port:
    def __init__(self, name: str, outside: Outside) -> None:
        self._name = name
        self._outside = outside

    def under(self, _guard: object) -> "_Port":
        return self

    def __getattr__(self, method: str) -> Any:
        def called(*args: Any, **kwargs: Any) -> Any:
            return self._outside.call(f"{self._name}.{method}")

        return called


def strike_number(name: str) -> int:
    return {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}[name]
