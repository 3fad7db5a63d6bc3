"""The ConfigMaps and Secrets without which a container can't start."""

from collections.abc import Iterator

from embedded.kubernetes.objects import Object, namespace_of, part, parts
from embedded.kubernetes.store import Store

_KEYS = {"configMapKeyRef": ("configmaps", "data"), "secretKeyRef": ("secrets", "data")}
_WHOLE = {"configMapRef": "configmaps", "secretRef": "secrets"}
_SINGULAR = {"configmaps": "configmap", "secrets": "secret"}


def lacking(store: Store, pod: Object, container: Object) -> str:
    """What the kubelet says about the first that is missing; empty if all are there."""
    return next(_lacking(store, namespace_of(pod), container), "")


def _lacking(store: Store, namespace: str, container: Object) -> Iterator[str]:
    for variable in parts(container, "env"):
        for source, (kind, field) in _KEYS.items():
            reference = part(variable, "valueFrom", source)
            if not reference or reference.get("optional"):
                continue
            found = store.get(kind, namespace, reference["name"])
            if found is None:
                yield _not_found(kind, reference["name"])
            elif reference["key"] not in part(found, field) and reference["key"] not in part(found, "binaryData"):
                yield f"couldn't find key {reference['key']} in {_SINGULAR[kind]} {namespace}/{reference['name']}"
    for source in parts(container, "envFrom"):
        for name, kind in _WHOLE.items():
            reference = part(source, name)
            if reference and not reference.get("optional") and not store.get(kind, namespace, reference["name"]):
                yield _not_found(kind, reference["name"])


def _not_found(kind: str, name: str) -> str:
    return f'{_SINGULAR[kind]} "{name}" not found'
