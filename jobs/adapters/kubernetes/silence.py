"""Whether a cluster answers at all."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import urllib3

from jobs.errors import Unreachable

#: While a cluster is silent, whoever asks comes again no sooner.
_AGAIN_SECONDS = 10.0
_TIMEOUTS = (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.ReadTimeoutError)


class Silence:
    """While a cluster does not answer, one call at a time finds out whether it does again.

    The others are refused at once: a call that waits for its timeout holds a thread that the operations of other
    clusters need.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._silent = False
        self._finding_out = False
        self._answered_at = now()

    @contextmanager
    def asking(self) -> Generator[None]:
        """Around one call. Raises Unreachable while another call finds out whether the cluster answers again."""
        alone, began = self._begin(), self._now()
        try:
            yield
        except _TIMEOUTS:
            with self._lock:  # one slow answer among others is no silence
                self._silent = self._silent or self._answered_at < began
            raise
        else:
            with self._lock:
                self._silent = False
                self._answered_at = self._now()
        finally:
            if alone:
                with self._lock:
                    self._finding_out = False

    def _begin(self) -> bool:
        """Whether this call is the one that finds out."""
        with self._lock:
            if not self._silent:
                return False
            if self._finding_out:
                raise Unreachable("The cluster does not answer.", retry_after=_AGAIN_SECONDS)
            self._finding_out = True
            return True
