"""The paths of a kind, as the OpenAPI documents list them: what kubectl looks up there."""

from embedded.kubernetes.objects import Object
from embedded.kubernetes.resources import Resource

#: By HTTP method: what Kubernetes calls it, and its query parameters.
Actions = dict[str, tuple[str, tuple[str, ...]]]

_WRITING = ("dryRun", "fieldManager", "fieldValidation")
_LISTING = ("continue", "fieldSelector", "labelSelector", "limit", "resourceVersion", "timeoutSeconds", "watch")
_DELETING = ("dryRun", "gracePeriodSeconds", "propagationPolicy")
_COLLECTION: Actions = {
    "get": ("list", _LISTING),
    "post": ("post", _WRITING),
    "delete": ("deletecollection", (*_DELETING, "labelSelector")),
}
_ITEM: Actions = {
    "get": ("get", ()),
    "put": ("put", _WRITING),
    "patch": ("patch", (*_WRITING, "force")),
    "delete": ("delete", _DELETING),
}


def paths_of(resource: Resource) -> Object:
    root = f"/apis/{resource.api_version}" if resource.group else f"/api/{resource.version}"
    collection = (
        f"{root}/namespaces/{{namespace}}/{resource.plural}" if resource.namespaced else f"{root}/{resource.plural}"
    )
    if resource.verbs == ("create",):
        return {collection: _operations(resource, {"post": _COLLECTION["post"]}, resource.namespaced)}
    return {
        collection: _operations(resource, _COLLECTION, resource.namespaced),
        f"{collection}/{{name}}": _operations(resource, _ITEM, resource.namespaced, named=True),
    }


def _operations(resource: Resource, actions: Actions, namespaced: bool, *, named: bool = False) -> Object:
    placed = [*(["name"] if named else []), *(["namespace"] if namespaced else [])]
    return {
        "parameters": [{"name": one, "in": "path", "required": True, "schema": {"type": "string"}} for one in placed],
        **{method: _operation(resource, action, query) for method, (action, query) in actions.items()},
    }


def _operation(resource: Resource, action: str, query: tuple[str, ...]) -> Object:
    return {
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": {
            "group": resource.group,
            "version": resource.version,
            "kind": resource.kind,
        },
        "parameters": [{"name": one, "in": "query", "schema": {"type": "string"}} for one in query],
        "responses": {"200": {"description": "OK"}},
    }
