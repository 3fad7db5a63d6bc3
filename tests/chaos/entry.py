"""Where the real worker and the real API start in a run: `boot` for dramatiq, `serve` for the API.

What is put into them is read from their environment, as they read their settings.
"""

import os
from pathlib import Path

from dramatiq.brokers.redis import RedisBroker

import app
import jobs.worker
from tests.chaos.bugs import BUGS
from tests.chaos.hooks import NamedPoints, install_points, set_clock_apart, watch_for_a_full_disk
from tests.chaos.points import Points


def boot() -> RedisBroker:
    """The worker's own `boot`, in a process that can be struck."""
    _prepare("worker")
    return jobs.worker.boot()


def serve() -> None:
    """`app.py api`."""
    _prepare("api")
    app.main(["api"])


def _prepare(kind: str) -> None:
    folder = Path(os.environ["CHAOS_FOLDER"])
    (folder / f"{os.environ['CHAOS_NAME']}.pid").write_text(str(os.getpid()))
    set_clock_apart(float(os.environ.get("CHAOS_CLOCK", "0")))
    watch_for_a_full_disk(folder / "disk is full")
    if bug := os.environ.get("CHAOS_BUG"):
        BUGS[bug]()
    install_points(NamedPoints(Points(folder / "points"), kind))
