"""Named points of a process at which it can be struck by a signal, planned by another process through a folder."""

import contextlib
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PRODUCT = tuple(str(ROOT / part) for part in ("jobs", "resolvers", "models/mutations"))


@dataclass(frozen=True)
class Struck:
    """A fault that was planned and has struck."""

    point: str
    number: int
    pid: int


class Points:
    """One folder for all processes of a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._noted: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def plan(self, point: str, number: int) -> None:
        """The first process that gets there is sent the signal."""
        self._file(point).write_text(str(number))

    def call_off(self, point: str) -> bool:
        """False when it has struck."""
        try:
            self._file(point).unlink()
        except FileNotFoundError:
            return False
        return True

    def reach(self, point: str) -> None:
        """Called by the process that is at the point."""
        if point not in self._noted:
            self._noted.add(point)
            self._append("seen", point)
        file = self._file(point)
        try:
            number = int(file.read_text())
            file.unlink()
        except (FileNotFoundError, ValueError):
            return
        self._append("struck", f"{number} {os.getpid()} {point}")
        os.kill(os.getpid(), number)
        if number == signal.SIGSTOP:
            time.sleep(0.2)  # it reaches the thread that sent it a moment later

    def seen(self) -> list[str]:
        """Every point that was reached, in the order of their first time."""
        return list(dict.fromkeys(self._lines("seen")))

    def struck(self) -> list[Struck]:
        parts = [line.split(" ", 2) for line in self._lines("struck")]
        return [Struck(point, int(number), int(pid)) for number, pid, point in parts]

    def _file(self, point: str) -> Path:
        return self._folder / f"fault {point}"

    def _append(self, name: str, line: str) -> None:
        with (self._folder / name).open("ab", buffering=0) as file:
            file.write(f"{line}\n".encode())

    def _lines(self, name: str) -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            return (self._folder / name).read_text().splitlines()
        return []


def product_function() -> str:
    """The innermost function of the product that is under way in this thread, by its module and name."""
    frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while frame is not None:
        if frame.f_code.co_filename.startswith(_PRODUCT):
            return f"{frame.f_globals['__name__']}.{frame.f_code.co_qualname}"
        frame = frame.f_back
    return "a request"
