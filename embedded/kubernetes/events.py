"""Events: what controllers tell about an object. The same said again is counted, not repeated."""

import hashlib
import uuid
from typing import Literal

from embedded.kubernetes.objects import Object, is_deleting, metadata, name_of, namespace_of, timestamp, uid_of
from embedded.kubernetes.resources import Resources
from embedded.kubernetes.store import Store

#: How many are kept in one namespace; the oldest go. (A real server forgets them after an hour.)
KEPT = 500


class Events:
    def __init__(self, store: Store, resources: Resources) -> None:
        self._store = store
        self._resource = resources.named("events")

    def record(
        self,
        about: Object,
        kind: Literal["Normal", "Warning"],
        reason: str,
        message: str,
        component: str,
        field: str = "",
    ) -> None:
        namespace = namespace_of(about) or "default"
        there = self._store.get("namespaces", "", namespace)
        if there is None or is_deleting(there):
            return
        name = f"{name_of(about)}.{_digest(uid_of(about), reason, message, field)}"
        before = self._store.get("events", namespace, name)
        if before:
            again = {**before, "count": before.get("count", 1) + 1, "lastTimestamp": timestamp()}
            self._store.put(self._resource, again)
            return
        self._drop_oldest(namespace)
        self._store.put(self._resource, _event(about, namespace, name, kind, reason, message, component, field))

    def _drop_oldest(self, namespace: str) -> None:
        events = self._store.all("events", namespace)
        if len(events) >= KEPT:
            self._store.remove(self._resource, min(events, key=lambda one: int(metadata(one)["resourceVersion"])))


def _event(
    about: Object,
    namespace: str,
    name: str,
    kind: str,
    reason: str,
    message: str,
    component: str,
    field: str,
) -> Object:
    moment = timestamp()
    involved = {
        "kind": about["kind"],
        "namespace": namespace_of(about),
        "name": name_of(about),
        "uid": uid_of(about),
        "apiVersion": about["apiVersion"],
        "resourceVersion": metadata(about).get("resourceVersion", ""),
        **({"fieldPath": field} if field else {}),
    }
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "uid": str(uuid.uuid4()),
            "creationTimestamp": moment,
        },
        "involvedObject": involved,
        "reason": reason,
        "message": message,
        "source": {"component": component},
        "firstTimestamp": moment,
        "lastTimestamp": moment,
        "count": 1,
        "type": kind,
        "eventTime": None,
        "reportingComponent": component,
        "reportingInstance": "",
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
