"""A dramatiq worker process, started as the product starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.machine import PAGE_SIZE

#: The product's worker, whose cluster, zone and secret store do everything at once.
IDLE = "bench.sides.idle_worker:boot"
READY = "Worker process is ready for action"
PATIENCE = 60.0


@dataclass(frozen=True)
class Worker:
    """A group of processes: dramatiq's master and its child."""

    group: int

    def pause(self) -> None:
        os.killpg(self.group, signal.SIGSTOP)

    def go_on(self) -> None:
        os.killpg(self.group, signal.SIGCONT)

    def memory_bytes(self) -> int:
        """What its processes hold of the machine's memory."""
        stats = [path.read_text().rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat")]
        return sum(int(fields[21]) for fields in stats if int(fields[2]) == self.group) * PAGE_SIZE


@contextmanager
def working(boot: str, environment: Mapping[str, str]) -> Generator[Worker]:
    """Runs a worker until the end of the block. Raises RuntimeError when it does not come up."""
    command = [sys.executable, "-m", "dramatiq", boot, "--processes", "1", "--threads", "8"]
    with TemporaryDirectory(prefix="phaseline-bench-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, env={**os.environ, **environment}, stdout=output, stderr=output, start_new_session=True
            )
        try:
            _await_ready(boot, log, process)
            yield Worker(process.pid)
        finally:
            # To the master alone: a child that hears it twice drops what it does
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _await_ready(boot: str, log: Path, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if READY in log.read_text():
            return
        time.sleep(0.05)
    raise RuntimeError(f"the worker {boot} did not come up:\n{log.read_text()[-2000:]}")
