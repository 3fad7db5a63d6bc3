"""The machine that was measured on."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

#: What is measured runs on the first processor and all else on the last; on the same one where there is only one.
PROCESSORS = sorted(os.sched_getaffinity(0))
SERVERS = {PROCESSORS[0]}
LOADERS = {PROCESSORS[-1]}
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")

PACKAGES = ("strawberry-graphql", "graphql-core", "ariadne", "starlette", "uvicorn", "uvloop", "orjson", "sqlalchemy")


def description() -> str:
    """The machine and what runs on it, in a few lines."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{len(PROCESSORS)} processors, {model}; {system}; {versions}"


def pinned(command: list[str], processors: set[int]) -> list[str]:
    """The command that runs it on these processors only."""
    return ["taskset", "-c", ",".join(map(str, sorted(processors))), *command]
