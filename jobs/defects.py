"""A thread that ends by a defect takes its process with it.

A worker that has lost the thread that sweeps, or the one that keeps its leases, looks alive, and what it was to find is
never found. Whoever started the process starts it anew.
"""

import os
import signal
import threading

import structlog

log = structlog.get_logger("phaseline.worker")


def end_with_any_thread() -> None:
    """From here on. SIGTERM: the leases are handed back first."""
    threading.excepthook = _end


def threads_may_end() -> None:
    """To be called before this process ends anyway."""
    threading.excepthook = threading.__excepthook__


def _end(ended: threading.ExceptHookArgs) -> None:
    name = ended.thread.name if ended.thread is not None else None
    log.critical("a thread has ended by a defect, and the worker ends with it", thread=name, exc_info=ended.exc_value)
    os.kill(os.getpid(), signal.SIGTERM)
