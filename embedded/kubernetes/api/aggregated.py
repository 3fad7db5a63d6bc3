"""Aggregated discovery: all kinds of all groups in one answer."""

from starlette.requests import Request

from embedded.kubernetes.api.discovery import subresource_kind, subresource_verbs, versions_of
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.unavailable import unavailable_versions
from embedded.kubernetes.objects import Object
from embedded.kubernetes.resources import Resource

MEDIA_TYPE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def is_asked(request: Request) -> bool:
    accept = request.headers.get("accept", "").replace(" ", "")
    return any({"g=apidiscovery.k8s.io", "v=v2"} <= set(choice.split(";")) for choice in accept.split(","))


def core(cluster: Cluster) -> Object:
    return _listed([_group(cluster, "")])


def groups(cluster: Cluster) -> Object:
    """A version that another server should serve is Stale, and without kinds, while nobody can reach that server."""
    stale = unavailable_versions(cluster.store)
    names = [one.group for one in cluster.resources if one.group] + [one.partition("/")[0] for one in stale]
    return _listed([_group(cluster, name) for name in dict.fromkeys(names)])


def _listed(items: list[Object]) -> Object:
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}


def _group(cluster: Cluster, name: str) -> Object:
    shown = [_version(cluster, name, version) for version in versions_of(cluster, name)]
    return {"metadata": {"name": name, "creationTimestamp": None}, "versions": shown}


def _version(cluster: Cluster, group: str, version: str) -> Object:
    served = [one for one in cluster.resources if (one.group, one.version) == (group, version)]
    if not served:
        return {"version": version, "freshness": "Stale"}
    return {"version": version, "freshness": "Current", "resources": [_resource(one) for one in served]}


def _resource(resource: Resource) -> Object:
    entry: Object = {
        "resource": resource.plural,
        "responseKind": _kind(resource.group, resource.version, resource.kind),
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": resource.singular,
        "verbs": list(resource.verbs),
    }
    if resource.short_names:
        entry["shortNames"] = list(resource.short_names)
    if resource.categories:
        entry["categories"] = list(resource.categories)
    if resource.subresources:
        entry["subresources"] = [
            {
                "subresource": one,
                "responseKind": _kind(*subresource_kind(resource, one)),
                "verbs": subresource_verbs(one),
            }
            for one in resource.subresources
        ]
    return entry


def _kind(group: str, version: str, kind: str) -> Object:
    return {"group": group, "version": version, "kind": kind}
