"""Empties namespaces that are being deleted, and says what holds them."""

from collections import Counter
from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.conditions import stated
from embedded.kubernetes.controllers.deadlines import Deadlines
from embedded.kubernetes.controllers.loop import RETRY_SECONDS, Key, itself
from embedded.kubernetes.controllers.unavailable import unavailable_versions
from embedded.kubernetes.deleting import DeleteOptions, delete
from embedded.kubernetes.errors import ApiError
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import Object, finalizers_of, is_deleting, name_of, namespace_of, part, uid_of

_NAMESPACES = "namespaces"


class Namespaces:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._resource = cluster.resources.named(_NAMESPACES)
        #: When the draining of a namespace begins.
        self._begins = Deadlines()

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name == _NAMESPACES:
            if change.type == "DELETED":
                self._begins.forget(uid_of(change.object))
            return itself(change, _NAMESPACES)
        around = self._cluster.store.get(_NAMESPACES, "", namespace_of(change.object))
        return [("", name_of(around))] if around and is_deleting(around) else []

    def reconcile(self, key: Key) -> float | None:
        namespace = self._cluster.store.get(_NAMESPACES, *key)
        if namespace is None or not is_deleting(namespace):
            return None
        if left := self._begins.left(uid_of(namespace), self._cluster.timing.namespace_drain):
            return left
        failures = self._delete_content(name_of(namespace))
        remaining, finalizers = self._remaining(name_of(namespace))
        stale = unavailable_versions(self._cluster.store)
        if not remaining and not failures and not stale:
            self._finalize(namespace)
            return None
        conditions = [
            _discovery(namespace, stale),
            stated(
                namespace,
                "NamespaceDeletionGroupVersionParsingFailure",
                "False",
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed",
            ),
            _content(namespace, failures),
            _content_remaining(namespace, remaining),
            _finalizers_remaining(namespace, finalizers),
        ]
        status = {**part(namespace, "status"), "phase": "Terminating", "conditions": conditions}
        self._cluster.set_status(_NAMESPACES, namespace, status)
        return RETRY_SECONDS if failures or stale else None

    def _delete_content(self, namespace: str) -> list[str]:
        failures: list[str] = []
        for resource in self._cluster.resources.stored():
            if not resource.namespaced or "delete" not in resource.verbs:
                continue
            for thing in self._cluster.store.all(resource.name, namespace):
                if is_deleting(thing):
                    continue
                try:
                    delete(self._cluster.store, resource, thing, DeleteOptions("Background"))
                except ApiError as error:
                    failures.append(str(error))
                    break
        return failures

    def _remaining(self, namespace: str) -> tuple[dict[str, int], Counter[str]]:
        kinds: dict[str, int] = {}
        finalizers: Counter[str] = Counter()
        for resource in self._cluster.resources.stored():
            left = self._cluster.store.all(resource.name, namespace) if resource.namespaced else []
            if left:
                kinds[f"{resource.plural}.{resource.group}"] = len(left)
            finalizers.update(one for thing in left for one in finalizers_of(thing))
        return kinds, finalizers

    def _finalize(self, namespace: Object) -> None:
        if finalizers_of(namespace):
            spec = {name: value for name, value in part(namespace, "spec").items() if name != "finalizers"}
            if spec != part(namespace, "spec"):
                self._cluster.store.put(self._resource, {**namespace, "spec": spec})
            return
        self._cluster.store.remove(self._resource, namespace)


def _discovery(namespace: Object, stale: list[str]) -> Object:
    kind = "NamespaceDeletionDiscoveryFailure"
    if not stale:
        return stated(namespace, kind, "False", "ResourcesDiscovered", "All resources successfully discovered")
    told = ", ".join(f"{version}: stale GroupVersion discovery: {version}" for version in stale)
    text = (
        f"Discovery failed for some groups, {len(stale)} failing: "
        f"unable to retrieve the complete list of server APIs: {told}"
    )
    return stated(namespace, kind, "True", "DiscoveryFailed", text)


def _content(namespace: Object, failures: list[str]) -> Object:
    kind = "NamespaceDeletionContentFailure"
    if not failures:
        text = "All content successfully deleted, may be waiting on finalization"
        return stated(namespace, kind, "False", "ContentDeleted", text)
    told = failures[0] if len(failures) == 1 else f"[{', '.join(sorted(set(failures)))}]"
    text = f"Failed to delete all resource types, {len(failures)} remaining: {told}"
    return stated(namespace, kind, "True", "ContentDeletionFailed", text)


def _content_remaining(namespace: Object, kinds: dict[str, int]) -> Object:
    kind = "NamespaceContentRemaining"
    if not kinds:
        return stated(namespace, kind, "False", "ContentRemoved", "All content successfully removed")
    told = ", ".join(f"{name} has {count} resource instances" for name, count in sorted(kinds.items()))
    return stated(namespace, kind, "True", "SomeResourcesRemain", f"Some resources are remaining: {told}")


def _finalizers_remaining(namespace: Object, finalizers: Counter[str]) -> Object:
    kind = "NamespaceFinalizersRemaining"
    if not finalizers:
        text = "All content-preserving finalizers finished"
        return stated(namespace, kind, "False", "ContentHasNoFinalizers", text)
    told = ", ".join(f"{name} in {count} resource instances" for name, count in sorted(finalizers.items()))
    text = f"Some content in the namespace has finalizers remaining: {told}"
    return stated(namespace, kind, "True", "SomeFinalizersRemain", text)
