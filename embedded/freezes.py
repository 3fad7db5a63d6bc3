"""Ends what was stopped and is not woken: on SQLite, who is stopped inside of a write holds up everybody."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

_LOOK_SECONDS = 1.0


class FreezeWatch:
    """A thread that kills each group of processes of which one stays stopped (SIGSTOP) for `seconds`.

    `groups` gives their leaders by name. Whoever keeps them alive starts them anew.
    """

    def __init__(self, groups: Callable[[], Mapping[str, int]], *, seconds: float = 2.0) -> None:
        self._groups = groups
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="freezes", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        since: dict[int, float] = {}
        while not self._over.wait(_LOOK_SECONDS):
            now, stopped = time.monotonic(), stopped_groups()
            frozen = {group: name for name, group in self._groups().items() if group in stopped}
            since = {group: since.get(group, now) for group in frozen}
            for group, began in since.items():
                if now - began >= self._seconds:
                    sys.stderr.write(f"{frozen[group]} was stopped and may hold others up: ending it\n")
                    with suppress(ProcessLookupError):
                        os.killpg(group, signal.SIGKILL)


def stopped_groups() -> Collection[int]:
    """The groups of which a process is stopped. Linux only; elsewhere nobody tells."""
    found: set[int] = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            # behind the name, which may hold anything: state, parent, group (proc_pid_stat(5))
            state, _, group = stat.read_text(errors="replace").rpartition(")")[2].split()[:3]
            if state == "T":
                found.add(int(group))
    return found
