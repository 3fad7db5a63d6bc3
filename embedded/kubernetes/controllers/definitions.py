"""Serves the kinds of CustomResourceDefinitions, and removes their objects with them."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.conditions import stated
from embedded.kubernetes.controllers.loop import Key, itself
from embedded.kubernetes.custom import DEFINITIONS, custom_resources
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import Object, finalizers_of, is_deleting, name_of, part, parts

CLEANUP = "customresourcecleanup.apiextensions.k8s.io"


class CustomDefinitions:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._resource = cluster.resources.named(DEFINITIONS)

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.custom:
            return [("", change.resource.name)]
        return itself(change, DEFINITIONS)

    def reconcile(self, key: Key) -> float | None:
        definition = self._cluster.store.get(DEFINITIONS, *key)
        if definition is None:
            return
        if is_deleting(definition):
            self._remove(definition)
            return
        if CLEANUP not in finalizers_of(definition):
            own = {**definition["metadata"], "finalizers": [*finalizers_of(definition), CLEANUP]}
            definition = self._cluster.store.put(self._resource, {**definition, "metadata": own})
        self._serve(definition)

    def _serve(self, definition: Object) -> None:
        self._cluster.resources.remove(name_of(definition))
        for resource in custom_resources(definition, self._cluster.definitions):
            self._cluster.resources.add(resource)
        stored = [one["name"] for one in parts(definition, "spec", "versions") if one.get("storage")]
        status: Object = {
            "acceptedNames": part(definition, "spec", "names"),
            "storedVersions": stored,
            "conditions": [
                stated(definition, "NamesAccepted", "True", "NoConflicts", "no conflicts found"),
                stated(
                    definition, "Established", "True", "InitialNamesAccepted", "the initial names have been accepted"
                ),
            ],
        }
        self._cluster.set_status(DEFINITIONS, definition, status)

    def _remove(self, definition: Object) -> None:
        name = name_of(definition)
        for thing in self._cluster.store.all(name):
            if not is_deleting(thing):
                self._cluster.delete(name, thing)
        if self._cluster.store.all(name):
            text = "CustomResource deletion is in progress"
            told = stated(definition, "Terminating", "True", "InstanceDeletionInProgress", text)
            others = [one for one in parts(definition, "status", "conditions") if one["type"] != "Terminating"]
            self._cluster.set_status(
                DEFINITIONS, definition, {**part(definition, "status"), "conditions": [*others, told]}
            )
            return
        self._cluster.resources.remove(name)
        self._cluster.release(DEFINITIONS, definition, CLEANUP)
