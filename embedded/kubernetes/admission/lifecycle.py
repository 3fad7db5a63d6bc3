"""Nothing is created in a namespace that is not there, or that is going."""

from embedded.kubernetes.causes import Cause
from embedded.kubernetes.errors import forbidden, not_found
from embedded.kubernetes.objects import is_deleting
from embedded.kubernetes.resources import Resource, Resources
from embedded.kubernetes.store import Store


def check_namespace(store: Store, resources: Resources, resource: Resource, namespace: str, name: str) -> None:
    """Raises ApiError: 404 or 403."""
    there = store.get("namespaces", "", namespace)
    if there is None:
        raise not_found(resources.named("namespaces"), namespace)
    if is_deleting(there):
        why = f"unable to create new content in namespace {namespace} because it is being terminated"
        message = f"namespace {namespace} is being terminated"
        raise forbidden(resource, name, why, [Cause("metadata.namespace", "NamespaceTerminating", message)])
