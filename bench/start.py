"""What it takes until the processes of the product are up, and what they then hold."""

import resource
import subprocess
import sys
import time

from bench.installation import Installation, installation
from bench.machine import PAGE_SIZE
from bench.report import Section, Table
from bench.rounds import Scale, in_turn
from bench.servers import Side, serving
from bench.workers import IDLE, working

IMPORTS = {
    "the API process": "import resolvers.application, resolvers.listening",
    "a worker process": "import jobs.worker",
    "strawberry and starlette alone": "import strawberry, starlette.applications",
    "the typed kubernetes client alone": "import kubernetes.client; kubernetes.client.AppsV1Api()",
}


def run(scale: Scale) -> Section:
    imports = in_turn(IMPORTS, min(scale.rounds, 5), importing)
    with installation("SQLite", environments=1) as installed:
        starts = {"the API process": api_started, "a worker": worker_started}
        started = in_turn(starts, min(scale.rounds, 5), lambda start: start(installed))
    return Section(
        "Start",
        "Seconds of CPU and megabytes that imports take in a new process; then seconds of the clock until a process "
        "serves, and the megabytes that it then holds (a worker is two processes).",
        [
            Table(["imports", "CPU seconds", "MB"], [_row(n, s["cpu"], s["memory"]) for n, s in imports.items()]),
            Table(["start", "seconds", "MB"], [_row(n, s["seconds"], s["memory"]) for n, s in started.items()]),
        ],
    )


def _row(name: str, seconds: float, memory: float) -> list[str]:
    return [name, f"{seconds:.2f}", f"{memory / 1024**2:.0f}"]


def importing(statement: str) -> dict[str, float]:
    """CPU seconds and memory of a process that does nothing else."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = f"{statement}; print(open('/proc/self/statm').read().split()[1])"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": cpu, "memory": int(shown) * PAGE_SIZE}


def api_started(installed: Installation) -> dict[str, float]:
    began = time.monotonic()
    with serving(Side("Phaseline", "product"), installed.environment) as server:
        return {"seconds": time.monotonic() - began, "memory": server.memory_bytes()}


def worker_started(installed: Installation) -> dict[str, float]:
    began = time.monotonic()
    with working(IDLE, installed.environment) as worker:
        return {"seconds": time.monotonic() - began, "memory": worker.memory_bytes()}
