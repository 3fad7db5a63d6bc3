"""Tells whenever an object of ours moves."""

import threading
import time
from collections.abc import Callable

import structlog

from jobs.adapters.kubernetes.api import METADATA, METADATA_LIST, Api, Lines
from jobs.adapters.kubernetes.json import JsonObject, labels_of, metadata, part
from jobs.adapters.kubernetes.kinds import WATCHED, Kind
from jobs.adapters.kubernetes.labels import ENVIRONMENT, EVERYTHING_OF_OURS, SERVICE
from jobs.errors import Permanent, Transient
from jobs.retries import RetryPolicy

log = structlog.get_logger("phaseline.kubernetes")

#: The server ends each stream after this long, and is asked for the next.
_STREAM_SECONDS = 300
#: The server sends a bookmark about once a minute: one that is silent for longer is gone.
_SILENCE_SECONDS = 90.0
#: How soon `stopped` is looked at again: there is nothing to await.
_STOP_SECONDS = 0.1
_RETRIES = RetryPolicy(max_attempts=10, first=0.2, longest=30.0)

Changed = Callable[[str, str | None], None]


def watch(api: Api, changed: Changed, stopped: Callable[[], bool]) -> None:
    """As `Cluster.watch`: one thread a kind."""
    stopping = threading.Event()
    watches = [KindWatch(api, kind, changed, stopping) for kind in WATCHED]
    threads = [threading.Thread(target=one.run, name=f"watch {one.kind.plural}", daemon=True) for one in watches]
    for thread in threads:
        thread.start()
    while not stopped():
        stopping.wait(_STOP_SECONDS)
    stopping.set()
    for one in watches:
        one.end()
    for thread in threads:
        thread.join(timeout=1.0)


class KindWatch:
    """Lists and watches the objects of one kind that carry our labels, until `stopping` is set and `end` called."""

    def __init__(
        self,
        api: Api,
        kind: Kind,
        changed: Changed,
        stopping: threading.Event,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.kind = kind
        self._now = now
        self._api = api
        self._changed = changed
        self._stopping = stopping
        self._lock = threading.Lock()
        self._lines: Lines | None = None

    def run(self) -> None:
        """A stream that falls silent is followed by the next at once: some servers send no bookmarks of a kind in
        which nothing moves."""
        failures = 0
        while not self._stopping.is_set():
            began = self._now()
            try:
                self._stream(self._list())
                failures = 0
            except (Transient, Permanent) as error:
                failures = 1 if self._now() - began >= _SILENCE_SECONDS else failures + 1
                self._wait(failures, error)

    def end(self) -> None:
        """Ends the stream that is open, if any."""
        with self._lock:
            if self._lines is not None:
                self._lines.end()

    def _list(self) -> str:
        """The version from which on the stream tells everything. What is there does not matter, so one is enough."""
        query = {"labelSelector": EVERYTHING_OF_OURS, "limit": 1}
        version = metadata(self._api.call("GET", self.kind.path(), query=query, accept=METADATA_LIST))
        return version.get("resourceVersion", "")

    def _stream(self, version: str) -> None:
        """Tells what moves after that version until the server ends the stream.

        Raises Transient when it breaks, and when the version is too old for the server (410).
        """
        self._changed("", None)
        query = {
            "watch": True,
            "labelSelector": EVERYTHING_OF_OURS,
            "resourceVersion": version,
            "allowWatchBookmarks": True,
            "timeoutSeconds": _STREAM_SECONDS,
        }
        told = False
        with self._api.lines(self.kind.path(), query=query, silence=_SILENCE_SECONDS, accept=METADATA) as lines:
            self._hold(lines)
            try:
                for event in lines:
                    self._tell(event)
                    told = True
            finally:
                self._hold(None)
        if not told:
            raise Transient(f"The cluster ended the watch of {self.kind.plural} without a word.")

    def _hold(self, lines: Lines | None) -> None:
        """Lets `end` reach the stream; one that is opened too late is ended at once."""
        with self._lock:
            self._lines = lines
            if lines is not None and self._stopping.is_set():
                lines.end()

    def _tell(self, event: JsonObject) -> None:
        thing = part(event, "object")
        if event.get("type") == "ERROR":
            raise Transient(f"The cluster ended the watch of {self.kind.plural}: {thing.get('message')}")
        labels = labels_of(thing)
        if event.get("type") != "BOOKMARK" and ENVIRONMENT in labels:
            self._changed(labels[ENVIRONMENT], labels.get(SERVICE))

    def _wait(self, failures: int, error: Transient | Permanent) -> None:
        if self._stopping.is_set():
            return
        log.warning("watch interrupted", kind=self.kind.kind, error=error.message)
        asked = error.retry_after if isinstance(error, Transient) else None
        self._stopping.wait(_RETRIES.wait(min(failures, _RETRIES.max_attempts), asked))
