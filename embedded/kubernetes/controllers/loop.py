"""Runs the controllers: each looks at one object at a time, when something about it changed or a time has come."""

import asyncio
from collections.abc import Iterable
from typing import Protocol

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.errors import ApiError
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import controller_of, name_of, namespace_of

#: An object of the kind that a controller looks after: namespace (empty for cluster-wide kinds) and name.
Key = tuple[str, str]


class Controller(Protocol):
    def concerned(self, change: Change) -> Iterable[Key]:
        """The objects to look at because of a change."""
        ...

    def reconcile(self, key: Key) -> float | None:
        """Does what is to be done now. Returns the seconds after which to look again even if nothing changes.

        Raises ApiError if something it wrote was refused: it is called again a little later.
        """
        ...


#: After a write was refused, by a webhook or a quota for example: only time tells when it is not any more.
RETRY_SECONDS = 1.0


class Controllers:
    """A bug in one look is told by the event loop, in the log, and costs nothing but that look."""

    def __init__(self, cluster: Cluster, controllers: Iterable[Controller], loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._controllers = list(controllers)
        #: The next look at each object, and when, in the loop's time.
        self._waiting: dict[tuple[int, Key], tuple[float, asyncio.TimerHandle]] = {}
        cluster.store.listen(self._changed)

    def start(self, cluster: Cluster) -> None:
        """Looks at everything once, as after a restart."""
        for resource in cluster.resources.stored():
            for thing in cluster.store.all(resource.name):
                self._changed(Change("ADDED", resource, thing, None, cluster.store.version))

    def stop(self) -> None:
        for _, handle in self._waiting.values():
            handle.cancel()
        self._waiting.clear()

    def _changed(self, change: Change) -> None:
        for number, controller in enumerate(self._controllers):
            for key in controller.concerned(change):
                self._look(number, key, 0)

    def _look(self, number: int, key: Key, seconds: float) -> None:
        at = self._loop.time() + seconds
        waiting = self._waiting.get((number, key))
        if waiting is not None:
            if waiting[0] <= at:
                return
            waiting[1].cancel()
        self._waiting[number, key] = at, self._loop.call_at(at, self._reconcile, number, key)

    def _reconcile(self, number: int, key: Key) -> None:
        del self._waiting[number, key]
        try:
            again = self._controllers[number].reconcile(key)
        except ApiError:
            again = RETRY_SECONDS
        if again is not None:
            self._look(number, key, again)


def key_of(change: Change) -> Key:
    return namespace_of(change.object), name_of(change.object)


def itself(change: Change, kind: str) -> list[Key]:
    """The object of that kind which changed."""
    return [key_of(change)] if change.resource.name == kind else []


def its_controller(change: Change, cluster: Cluster, kind: str) -> list[Key]:
    """The object of that kind which controls what changed."""
    found = cluster.store.by_uid(controller_of(change.object))
    if found is None or found[0].name != kind:
        return []
    return [(namespace_of(found[1]), name_of(found[1]))]
