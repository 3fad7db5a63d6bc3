"""Two APIs and two workers, started again when they end, as a supervisor does."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from embedded.freezes import FreezeWatch
from tests.chaos.points import ROOT
from tests.chaos.servers import Servers, await_true
from tests.system.running import free_port

APIS = ("api-1", "api-2")
WORKERS = ("worker-1", "worker-2")


class Fleet:
    """`clocks`: how many seconds the wall clock of a process is off, by its name."""

    def __init__(self, servers: Servers, *, clocks: Mapping[str, float] | None = None, bug: str | None = None) -> None:
        self.folder = servers.folder
        self.ports = {name: free_port() for name in APIS}
        self._servers = servers
        self._clocks = clocks or {}
        self._bug = {"CHAOS_BUG": bug} if bug else {}
        self._pids: dict[str, int] = {}
        #: How much of the log of each is of processes that have ended.
        self._of_others: dict[str, int] = {}
        self._changed = threading.Condition()
        #: Those that are not started again.
        self._down: set[str] = set()
        self.ended: list[tuple[str, int]] = []
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **servers.environment},
        )
        assert self._nursery.stdout is not None
        assert self._nursery.stdout.readline().strip() == "ready"
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def start(self, *names: str) -> None:
        """Returns when all are ready."""
        self._down.difference_update(names)
        for name in names:
            self._order(name)
        for name in names:
            await_true(f"{name} is ready", lambda name=name: self.is_ready(name), 90)

    def is_ready(self, name: str) -> bool:
        if name in self.ports:
            with suppress(httpx.HTTPError):
                return httpx.get(f"http://127.0.0.1:{self.ports[name]}/readyz", timeout=5).status_code == 200
            return False
        log = self._log(name)
        return log.exists() and b"ready for action" in log.read_bytes()[self._of_others[name] :]

    def pid(self, name: str) -> int | None:
        with self._changed:
            return self._pids.get(name)

    def child(self, name: str) -> int:
        """The process in which the product's code runs."""
        return int((self.folder / f"{name}.pid").read_text())

    def signal(self, name: str, number: int) -> None:
        """To the process that a supervisor knows, or for kills and freezes to its whole group."""
        pid = self.pid(name)
        if pid is not None:
            with suppress(ProcessLookupError):
                (os.kill if number == signal.SIGTERM else os.killpg)(pid, number)

    def end(self, name: str, number: int, seconds: float = 30.0) -> float:
        """Ends one without starting it again; returns the seconds it took."""
        pid, started = self.pid(name), time.monotonic()
        self._down.add(name)
        self.signal(name, number)
        with self._changed:
            assert self._changed.wait_for(lambda: self._pids.get(name) != pid, seconds), f"{name} does not end"
        return time.monotonic() - started

    @contextmanager
    def ending_the_frozen(self) -> Generator[None]:
        """As the supervisor of the one-command run does it, until the end of the block."""
        watch = FreezeWatch(self._groups)
        watch.start()
        try:
            yield
        finally:
            watch.stop()

    def stop(self) -> None:
        self._down.update(APIS, WORKERS)
        for name in list(self._pids):
            self.signal(name, signal.SIGCONT)
            self.signal(name, signal.SIGKILL)
        with self._changed:
            self._changed.wait_for(lambda: not self._pids, 60)
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(60)
        self._reader.join()

    def _order(self, name: str) -> None:
        log = self._log(name)
        self._of_others[name] = log.stat().st_size if log.exists() else 0
        environment = {
            **self._servers.environment,
            **self._bug,
            "CHAOS_CLOCK": str(self._clocks.get(name, 0)),
            "CHAOS_NAME": name,
            "PORT": str(self.ports.get(name, 8000)),
        }
        order = {"name": name, "log": str(self._log(name)), "environment": environment}
        assert self._nursery.stdin is not None
        self._nursery.stdin.write(f"{json.dumps(order)}\n")
        self._nursery.stdin.flush()

    def _read(self) -> None:
        assert self._nursery.stdout is not None
        with self._nursery.stdout:
            for line in self._nursery.stdout:
                match line.split():
                    case [name, pid]:
                        self._note(name, int(pid))
                    case [name, _, code]:
                        self._note(name, None)
                        self.ended.append((name, int(code)))
                        if name not in self._down:
                            self._order(name)
                    case other:
                        raise AssertionError(f"the nursery said {other}")

    def _groups(self) -> dict[str, int]:
        with self._changed:
            return dict(self._pids)

    def _note(self, name: str, pid: int | None) -> None:
        with self._changed:
            if pid is None:
                self._pids.pop(name, None)
            else:
                self._pids[name] = pid
            self._changed.notify_all()

    def said(self, *words: str) -> bool:
        """Whether a worker has logged a line with all of these words."""
        lines = (line for name in WORKERS for line in self._log(name).read_text().splitlines())
        return any(all(word in line for word in words) for line in lines)

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


@contextmanager
def running_fleet(
    servers: Servers, *, clocks: Mapping[str, float] | None = None, bug: str | None = None
) -> Generator[Fleet]:
    fleet = Fleet(servers, clocks=clocks, bug=bug)
    try:
        fleet.start(*APIS, *WORKERS)
        yield fleet
    finally:
        fleet.stop()
