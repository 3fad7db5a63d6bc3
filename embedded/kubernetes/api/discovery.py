"""Discovery, a request a group version: /api, /apis and what is one step below."""

from collections.abc import Iterator

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.unavailable import unavailable_services
from embedded.kubernetes.errors import no_such_path, unavailable
from embedded.kubernetes.objects import Object
from embedded.kubernetes.resources import Resource

#: What of a kind a subresource shows: group, version and kind.
_SHOWN = {
    "scale": ("autoscaling", "v1", "Scale"),
    "eviction": ("policy", "v1", "Eviction"),
    "token": ("authentication.k8s.io", "v1", "TokenRequest"),
}
_VERBS = {"log": ["get"], "eviction": ["create"], "token": ["create"], "finalize": ["update"]}


def versions() -> Object:
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}


def groups(cluster: Cluster) -> Object:
    names = dict.fromkeys([one.group for one in cluster.resources if one.group] + [*_elsewhere(cluster)])
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group(cluster, name) for name in names]}


def group(cluster: Cluster, name: str) -> Object:
    """Raises ApiError (404) if there is none."""
    if not versions_of(cluster, name):
        raise no_such_path()
    return {"kind": "APIGroup", "apiVersion": "v1", **_group(cluster, name)}


def resources(cluster: Cluster, group: str, version: str) -> Object:
    """Raises ApiError: 404 if there is no such version, 503 if the server that should serve it can't be reached."""
    served = [one for one in cluster.resources if (one.group, one.version) == (group, version)]
    if not served and version in _elsewhere(cluster).get(group, ()):
        raise unavailable()
    if not served:
        raise no_such_path()
    found = [entry for one in served for entry in _entries(one)]
    name = f"{group}/{version}" if group else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": found}


def versions_of(cluster: Cluster, group: str) -> list[str]:
    own = [one.version for one in cluster.resources if one.group == group]
    return list(dict.fromkeys([*own, *_elsewhere(cluster).get(group, ())]))


def subresource_kind(resource: Resource, subresource: str) -> tuple[str, str, str]:
    return _SHOWN.get(subresource, (resource.group, resource.version, resource.kind))


def subresource_verbs(subresource: str) -> list[str]:
    return _VERBS.get(subresource, ["get", "patch", "update"])


def _group(cluster: Cluster, name: str) -> Object:
    found = [{"groupVersion": f"{name}/{one}", "version": one} for one in versions_of(cluster, name)]
    return {"name": name, "versions": found, "preferredVersion": found[0]}


def _elsewhere(cluster: Cluster) -> dict[str, list[str]]:
    """The group versions that other servers should serve."""
    found: dict[str, list[str]] = {}
    for one in unavailable_services(cluster.store):
        found.setdefault(one["spec"]["group"], []).append(one["spec"]["version"])
    return found


def _entries(resource: Resource) -> Iterator[Object]:
    entry: Object = {
        "name": resource.plural,
        "singularName": resource.singular,
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": list(resource.verbs),
    }
    if resource.short_names:
        entry["shortNames"] = list(resource.short_names)
    if resource.categories:
        entry["categories"] = list(resource.categories)
    yield entry
    for name in resource.subresources:
        group, version, kind = subresource_kind(resource, name)
        shown: Object = {
            "name": f"{resource.plural}/{name}",
            "singularName": "",
            "namespaced": resource.namespaced,
            "kind": kind,
            "verbs": subresource_verbs(name),
        }
        yield {**shown, "group": group, "version": version} if name in _SHOWN else shown
