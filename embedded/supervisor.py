"""Keeps the processes of the one-command run alive, and ends them together."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue


@dataclass
class Child:
    """A process to keep alive. `start` starts it anew; it must not share our terminal's signals."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes] | None = None
    #: When it was started lately, to tell a crash from a crash loop. Seconds of the monotonic clock.
    starts: list[float] = field(default_factory=list[float])


class CrashLoop(Exception):
    """A child keeps dying right after its start."""


class Supervisor:
    """Runs children until a signal comes. One that dies is started again, at most `most` times in `within` seconds."""

    def __init__(self, *, most: int = 5, within: float = 30.0, patience: float = 10.0) -> None:
        self._children: list[Child] = []
        self._events: SimpleQueue[Child | None] = SimpleQueue()
        self._most = most
        self._within = within
        self._patience = patience

    def add(self, name: str, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        """Starts a child."""
        child = Child(name, start)
        self._children.append(child)
        self._start(child)

    def run(self) -> None:
        """Returns after SIGINT or SIGTERM. Raises CrashLoop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._events.put(None))
        while (child := self._events.get()) is not None:
            code = child.process.returncode if child.process else None
            sys.stderr.write(f"{child.name} ended with code {code}; starting it again\n")
            self._start(child)

    def stop(self) -> None:
        """Asks every child to end, the last started first, and kills those that don't within `patience` seconds."""
        deadline = time.monotonic() + self._patience
        processes = [child.process for child in reversed(self._children) if child.process is not None]
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, child: Child) -> None:
        started = time.monotonic()
        child.starts = [at for at in child.starts if started - at < self._within] + [started]
        if len(child.starts) > self._most:
            raise CrashLoop(f"{child.name} ended {self._most} times within {self._within:.0f} s; see its output above")
        process = child.process = child.start()
        threading.Thread(target=self._await_end, args=(child, process), daemon=True).start()

    def _await_end(self, child: Child, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self._events.put(child)
