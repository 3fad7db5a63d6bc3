"""The database's clock, for leases: no process's wall clock can lengthen or shorten one."""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class database_clock(FunctionElement[float]):  # noqa: N801
    """Seconds, as an SQL expression. PostgreSQL: its own clock. SQLite has one host: its time since boot."""

    type = Float()
    name = "database_clock"
    inherit_cache = True


@compiles(database_clock, "postgresql")
def _postgresql(element: Any, compiler: Any, **options: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    return "extract(epoch from clock_timestamp())::float8"


@compiles(database_clock, "sqlite")
def _sqlite(element: Any, compiler: Any, **options: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    return "phaseline_clock()"


def host_clock() -> float:
    """Seconds since the host's boot, sleep included: a clock that nobody can set."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def host_boot() -> str:
    """Another boot has another name. Empty where the system does not tell."""
    source = Path("/proc/sys/kernel/random/boot_id")
    return source.read_text().strip() if source.exists() else ""
