"""Starting a server as a process of its own, and knowing when it is ready."""

import os
import queue
import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from embedded import guard

READY_SECONDS = 30.0


class StartFailed(Exception):
    """A server did not come up. The message is one line, for a person."""


@dataclass(frozen=True)
class Running:
    """A server under guard: it ends when `stop` is called, or when this process ends in whatever way."""

    #: Ends when the server does, with its exit code.
    process: subprocess.Popen[bytes]
    #: What the pattern matched that told that the server is ready.
    ready: re.Match[str]
    reader: threading.Thread

    def stop(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(guard.GRACE_SECONDS + 5)
        self.reader.join()


def spawn(
    name: str,
    command: Sequence[str],
    folder: Path,
    ready: re.Pattern[str],
    environment: Mapping[str, str] | None = None,
) -> Running:
    """Starts `command` and returns when it has printed a line that `ready` matches.

    It runs in a session of its own, so that a terminal's Ctrl-C reaches only whoever started it. What it prints goes
    to `<name>.log` in `folder`. Raises StartFailed when it ends or stays silent before it is ready.
    """
    interpreter = [sys.executable, "-I", "-S", guard.__file__]
    process = subprocess.Popen(  # noqa: S603
        [*interpreter, str(folder / f"{name}.lock"), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env={**os.environ, **(environment or {})},
    )
    told: queue.Queue[re.Match[str] | str] = queue.Queue()
    assert process.stdout is not None
    arguments = (process.stdout, folder / f"{name}.log", ready, told)
    reader = threading.Thread(target=_read, args=arguments, name=f"log of {name}", daemon=True)
    reader.start()
    try:
        answer = told.get(timeout=READY_SECONDS)
    except queue.Empty:
        answer = f"not ready after {READY_SECONDS:.0f} s; does another process use {folder}?"
    if isinstance(answer, re.Match):
        return Running(process, answer, reader)
    if process.stdin is not None:
        process.stdin.close()
    process.wait(guard.GRACE_SECONDS + 5)
    reader.join()
    raise StartFailed(f"{name} did not start: {answer}")


def _read(output: IO[bytes], log: Path, ready: re.Pattern[str], told: "queue.Queue[re.Match[str] | str]") -> None:
    last: deque[str] = deque(maxlen=3)
    with output, log.open("w", encoding="utf-8", errors="replace") as file:
        for raw in output:
            line = raw.decode(errors="replace").rstrip()
            file.write(line + "\n")
            file.flush()
            last.append(line)
            if match := ready.search(line):
                told.put(match)
    told.put(" / ".join(last) or "it ended without a word")
