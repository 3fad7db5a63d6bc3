"""The OpenAPI documents: version 2 of everything, version 3 a group version at a time."""

import hashlib
from collections.abc import Iterator
from typing import Any, cast

import orjson

from embedded.kubernetes.api.openapi_paths import paths_of
from embedded.kubernetes.api.version import VERSION
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.errors import no_such_path
from embedded.kubernetes.objects import Object
from embedded.kubernetes.resources import Resource

_DEFINITIONS, _SCHEMAS = "#/definitions/", "#/components/schemas/"
_INFO = {"title": "Kubernetes", "version": VERSION["gitVersion"]}


def version_2(cluster: Cluster) -> Object:
    resources = list(cluster.resources)
    paths = {path: item for one in resources for path, item in paths_of(one).items()}
    return {"swagger": "2.0", "info": _INFO, "paths": paths, "definitions": _schemas(cluster, resources)}


def version_3_index(cluster: Cluster) -> Object:
    places = dict.fromkeys(_place(one) for one in cluster.resources)
    return {
        "paths": {place: {"serverRelativeURL": f"/openapi/v3/{place}?hash={_hash(cluster, place)}"} for place in places}
    }


def version_3(cluster: Cluster, place: str) -> Object:
    """Of `api/v1`, `apis/apps/v1`, … Raises ApiError (404)."""
    resources = [one for one in cluster.resources if _place(one) == place]
    if not resources:
        raise no_such_path()
    paths = {path: item for one in resources for path, item in paths_of(one).items()}
    schemas = orjson.loads(orjson.dumps(_schemas(cluster, resources)).replace(_DEFINITIONS.encode(), _SCHEMAS.encode()))
    return {"openapi": "3.0.0", "info": _INFO, "paths": paths, "components": {"schemas": schemas}}


def _place(resource: Resource) -> str:
    return f"apis/{resource.api_version}" if resource.group else f"api/{resource.version}"


def _hash(cluster: Cluster, place: str) -> str:
    """Changes with what is served there."""
    kinds = [one.kind for one in cluster.resources if _place(one) == place]
    return hashlib.sha256(" ".join([VERSION["gitVersion"], place, *kinds]).encode()).hexdigest()[:32].upper()


def _schemas(cluster: Cluster, resources: list[Resource]) -> Object:
    """Of these kinds, and of all that they are made of."""
    found: Object = {}
    waiting: list[str] = []
    for one in resources:
        name = one.schema.name or f"{'.'.join(reversed(one.group.split('.')))}.{one.version}.{one.kind}"
        kind = {"group": one.group, "version": one.version, "kind": one.kind}
        found[name] = {**one.schema.node, "x-kubernetes-group-version-kind": [kind]}
        waiting += _references(one.schema.node)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = cluster.definitions.all[name]
            waiting += _references(found[name])
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in cast("Object", node).items():
            if key == "$ref" and isinstance(value, str):
                yield value.removeprefix(_DEFINITIONS)
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for one in cast("list[Any]", node):
            yield from _references(one)
