"""Keeps the processes of the one-command run alive, and ends them together."""

import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from types import FrameType

from embedded.freezes import FreezeWatch
from embedded.process import Running


class CrashLoop(Exception):
    """A child keeps dying right after its start."""


@dataclass
class Child:
    """A process to keep alive. `start` starts it anew and returns when it is ready."""

    name: str
    start: Callable[[], Running]
    running: Running | None = None
    #: When it was started lately, to tell a crash from a crash loop. Seconds of the monotonic clock.
    starts: list[float] = field(default_factory=list[float])


class Supervisor:
    """Runs children until a signal comes. One that dies is started again, at most `most` times in `within` seconds; one
    that is stopped and not woken is made to die.
    """

    def __init__(self, *, most: int = 5, within: float = 60.0) -> None:
        self._children: list[Child] = []
        self._events: SimpleQueue[Child | None] = SimpleQueue()
        self._most = most
        self._within = within
        self._stopping = False
        self._freezes = FreezeWatch(self._groups)

    def listen(self) -> None:
        """From here on SIGINT, SIGTERM and SIGHUP end `run`."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def start(self, **children: Callable[[], Running]) -> None:
        """Starts these side by side and keeps them. Raises StartFailed when one does not come up."""
        self._freezes.start()
        self._children = [Child(name, start) for name, start in children.items()]
        with ThreadPoolExecutor(len(children)) as pool:
            for started in [pool.submit(self._start, child) for child in self._children]:
                started.result()

    def run(self) -> None:
        """Returns when a signal came. Raises CrashLoop, StartFailed."""
        while (child := self._events.get()) is not None:
            code = child.running.process.returncode if child.running else None
            sys.stderr.write(f"{child.name} ended with code {code}: starting it again\n")
            self._start(child)

    def stop(self) -> None:
        """Ends every child side by side."""
        self._stopping = True
        self._freezes.stop()
        running = [child.running for child in self._children if child.running is not None]
        threads = [threading.Thread(target=one.stop) for one in running]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _groups(self) -> dict[str, int]:
        """The leaders of those that run, by name."""
        running = ((child.name, child.running) for child in self._children)
        return {name: one.process.pid for name, one in running if one is not None and one.process.poll() is None}

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._events.put(None)

    def _start(self, child: Child) -> None:
        started = time.monotonic()
        child.starts = [*(at for at in child.starts if started - at < self._within), started]
        if len(child.starts) > self._most:
            raise CrashLoop(f"{child.name} ended {self._most} times within {self._within:.0f} s; its log says why")
        running = child.running = child.start()
        threading.Thread(target=self._await_end, args=(child, running), daemon=True).start()

    def _await_end(self, child: Child, running: Running) -> None:
        running.process.wait()
        if not self._stopping:
            self._events.put(child)
