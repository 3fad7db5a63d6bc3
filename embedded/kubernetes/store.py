"""All objects, in memory and in the journal."""

from collections import defaultdict
from collections.abc import Callable
from typing import Literal

from embedded.kubernetes.history import Change, History
from embedded.kubernetes.journal import Journal
from embedded.kubernetes.objects import Object, name_of, namespace_of, owners_of, uid_of
from embedded.kubernetes.resources import Resource

#: An object together with its kind.
Stored = tuple[Resource, Object]


class Store:
    """Belongs to one event loop. Objects in it are never changed, only replaced."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._objects: defaultdict[str, defaultdict[str, dict[str, Object]]] = defaultdict(lambda: defaultdict(dict))
        self._by_uid: dict[str, Stored] = {}
        self._dependents: defaultdict[str, set[str]] = defaultdict(set)
        self._listeners: list[Callable[[Change], None]] = []
        self.version = journal.version()
        self.history = History(self.version)

    def load(self, resource: Resource) -> None:
        """Takes in what the journal has of this kind."""
        for thing in self._journal.objects(resource.name):
            self._keep(resource, thing)

    def listen(self, listener: Callable[[Change], None]) -> None:
        """It hears of each change, right after it."""
        self._listeners.append(listener)

    def get(self, resource: str, namespace: str, name: str) -> Object | None:
        return self._objects[resource][namespace].get(name)

    def all(self, resource: str, namespace: str = "") -> list[Object]:
        """Of one namespace, or of all; sorted by namespace and name."""
        spaces = self._objects[resource]
        wanted = [namespace] if namespace else sorted(spaces)
        return [spaces[space][name] for space in wanted for name in sorted(spaces[space])]

    def count(self, resource: str) -> int:
        return sum(map(len, self._objects[resource].values()))

    def by_uid(self, uid: str) -> Stored | None:
        return self._by_uid.get(uid)

    def dependents(self, uid: str) -> list[Stored]:
        """What names this object as an owner of it."""
        return [self._by_uid[one] for one in sorted(self._dependents.get(uid, ()))]

    def put(self, resource: Resource, thing: Object) -> Object:
        """Stores the object under its names, with a new resourceVersion, and returns it."""
        before = self.get(resource.name, namespace_of(thing), name_of(thing))
        self.version += 1
        stored = {**thing, "metadata": {**thing["metadata"], "resourceVersion": str(self.version)}}
        self._journal.write(resource.name, stored, self.version)
        if before is not None:
            self._forget(resource, before)
        self._keep(resource, stored)
        self._tell("MODIFIED" if before else "ADDED", resource, stored, before)
        return stored

    def remove(self, resource: Resource, thing: Object) -> None:
        self.version += 1
        self._journal.remove(resource.name, thing, self.version)
        self._forget(resource, thing)
        last = {**thing, "metadata": {**thing["metadata"], "resourceVersion": str(self.version)}}
        self._tell("DELETED", resource, last, thing)

    def _keep(self, resource: Resource, thing: Object) -> None:
        self._objects[resource.name][namespace_of(thing)][name_of(thing)] = thing
        self._by_uid[uid_of(thing)] = (resource, thing)
        for owner in owners_of(thing):
            self._dependents[owner["uid"]].add(uid_of(thing))

    def _forget(self, resource: Resource, thing: Object) -> None:
        del self._objects[resource.name][namespace_of(thing)][name_of(thing)]
        del self._by_uid[uid_of(thing)]
        for owner in owners_of(thing):
            self._dependents[owner["uid"]].discard(uid_of(thing))

    def _tell(
        self, kind: Literal["ADDED", "MODIFIED", "DELETED"], resource: Resource, thing: Object, before: Object | None
    ) -> None:
        change = Change(kind, resource, thing, before, self.version)
        self.history.append(change)
        for listener in self._listeners:
            listener(change)
