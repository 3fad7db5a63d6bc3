"""Starting a side's server, and reading off what it costs."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from bench.machine import LOADERS, PAGE_SIZE, SERVERS, pinned
from bench.node import node_command

PATIENCE = 60.0


@dataclass(frozen=True)
class Side:
    """One of those that are compared: a module or a script that serves on the port it is given."""

    name: str
    program: str
    arguments: tuple[str, ...] = ()

    def command(self, port: int) -> list[str]:
        if self.program.endswith(".mjs"):
            return node_command(f"sides/{self.program}", port, *self.arguments)
        return [sys.executable, "-m", f"bench.sides.{self.program}", str(port), *self.arguments]


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """What its threads have used, to the nanosecond: `stat` counts in ticks of 10 ms."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def memory_bytes(self) -> int:
        """What it holds of the machine's memory."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * PAGE_SIZE


@contextmanager
def serving(side: Side, environment: Mapping[str, str] | None = None, *, measured: bool = True) -> Generator[Server]:
    """Runs a side's server until the end of the block. Raises RuntimeError when it does not come up."""
    port = free_port()
    with TemporaryFile() as said:
        command = pinned(side.command(port), SERVERS if measured else LOADERS)
        process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=said, stderr=said)
        try:
            if not _answers(port, process):
                said.seek(0)
                raise RuntimeError(f"{side.name} did not begin to serve: {command} said {said.read().decode()}")
            yield Server(port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def all_serving(sides: list[Side], environment: Mapping[str, str] | None = None) -> Generator[dict[str, Server]]:
    """All sides at once, by their names; those that nobody asks use nothing."""
    with ExitStack() as stack:
        yield {side.name: stack.enter_context(serving(side, environment)) for side in sides}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    """Waits for an answer of any kind. False when none comes."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False
