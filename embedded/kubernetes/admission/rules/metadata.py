"""Names, labels, annotations, finalizers and owners of every kind."""

from collections.abc import Callable, Iterator, Mapping

from embedded.kubernetes import names
from embedded.kubernetes.causes import Cause, forbidden, required, wrong
from embedded.kubernetes.objects import (
    Object,
    annotations_of,
    finalizers_of,
    is_deleting,
    labels_of,
    name_of,
    owners_of,
)
from embedded.kubernetes.resources import Resource

_NAMES: Mapping[str, Callable[[str], list[str]]] = {
    "namespaces": names.label_problems,
    "services": names.label_1035_problems,
    "roles.rbac.authorization.k8s.io": names.path_problems,
    "rolebindings.rbac.authorization.k8s.io": names.path_problems,
    "clusterroles.rbac.authorization.k8s.io": names.path_problems,
    "clusterrolebindings.rbac.authorization.k8s.io": names.path_problems,
}
_MOST_ANNOTATIONS_BYTES = 256 * 1024
#: Finalizers of the server itself, from before they had to have a prefix.
_OWN_FINALIZERS = ("foregroundDeletion", "orphan", "kubernetes")


def check_metadata(thing: Object, resource: Resource, before: Object | None) -> Iterator[Cause]:
    name = name_of(thing)
    if not name:
        yield required("metadata.name", "name or generateName is required")
    else:
        for problem in _NAMES.get(resource.name, names.subdomain_problems)(name):
            yield wrong("metadata.name", name, problem)
    yield from check_labels(labels_of(thing), "metadata.labels")
    yield from _check_annotations(annotations_of(thing))
    yield from _check_finalizers(thing, before)
    for place, owner in enumerate(owners_of(thing)):
        for field in ("apiVersion", "kind", "name", "uid"):
            if not owner.get(field):
                yield required(f"metadata.ownerReferences[{place}].{field}")


def check_labels(labels: Mapping[str, str], field: str) -> Iterator[Cause]:
    for key, value in labels.items():
        for problem in names.qualified_name_problems(key):
            yield wrong(field, key, problem)
        for problem in names.label_value_problems(value):
            yield wrong(field, value, problem)


def _check_annotations(annotations: Mapping[str, str]) -> Iterator[Cause]:
    for key in annotations:
        for problem in names.qualified_name_problems(key.lower()):
            yield wrong("metadata.annotations", key, problem)
    size = sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items())
    if size > _MOST_ANNOTATIONS_BYTES:
        yield Cause(
            "metadata.annotations",
            "FieldValueTooLong",
            f"Too long: may not be more than {_MOST_ANNOTATIONS_BYTES} bytes",
        )


def _check_finalizers(thing: Object, before: Object | None) -> Iterator[Cause]:
    for finalizer in finalizers_of(thing):
        for problem in names.qualified_name_problems(finalizer):
            yield wrong("metadata.finalizers", finalizer, problem)
        if "/" not in finalizer and finalizer not in _OWN_FINALIZERS:
            yield wrong(
                "metadata.finalizers", finalizer, "name is neither a standard finalizer name nor is it fully qualified"
            )
    if before and is_deleting(before):
        added = sorted(set(finalizers_of(thing)) - set(finalizers_of(before)))
        if added:
            why = f"no new finalizers can be added if the object is being deleted, found new finalizers {added}"
            yield forbidden("metadata.finalizers", why)
