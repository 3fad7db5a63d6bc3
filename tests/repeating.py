"""What somebody else does all the time, beside a test."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager


@contextmanager
def repeating(work: Callable[[], object], seconds: float) -> Generator[None]:
    """Does it over and over in a thread, with a pause of so many seconds, until the end of the block."""
    stopped = threading.Event()

    def repeat() -> None:
        while not stopped.wait(seconds):
            work()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
