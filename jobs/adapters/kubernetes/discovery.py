"""Which kinds the API server has: every one that can be listed and deleted, in two requests."""

from collections.abc import Iterator
from dataclasses import dataclass

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.json import JsonObject, name_of, part, parts
from jobs.adapters.kubernetes.kinds import Kind
from jobs.errors import Permanent

#: Aggregated discovery: all groups, versions and resources at once. Served as v2beta1 since Kubernetes 1.27, and in the
#: same form as v2 since 1.30.
_AGGREGATED = ",".join(
    [
        *(
            f"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList"
            for version in ("v2", "v2beta1")
        ),
        "application/json",
    ]
)


@dataclass(frozen=True)
class Discovery:
    #: Namespaced kinds that can be listed and deleted, each in the version that its group prefers.
    kinds: tuple[Kind, ...]
    #: Groups and versions whose server does not answer: nobody knows what is in them.
    stale: tuple[str, ...]


def discover(api: Api) -> Discovery:
    """Raises Transient, and Permanent if the server is too old for it."""
    kinds: dict[tuple[str, str], Kind] = {}
    stale: list[str] = []
    for group, version in [*_versions(api, "/api"), *_versions(api, "/apis")]:
        api_version = f"{group}/{version['version']}" if group else version["version"]
        if version.get("freshness") == "Stale":
            stale.append(api_version)
            continue
        for resource in parts(version, "resources"):
            if _removable(resource):
                kind = Kind(api_version, part(resource, "responseKind").get("kind", ""), resource["resource"])
                kinds.setdefault((group, kind.plural), kind)
    return Discovery(tuple(kinds.values()), tuple(stale))


def _versions(api: Api, path: str) -> Iterator[tuple[str, JsonObject]]:
    """Each group's versions, the preferred one first."""
    found = api.call("GET", path, accept=_AGGREGATED)
    if found.get("kind") != "APIGroupDiscoveryList":
        raise Permanent("The cluster has no aggregated discovery: it must be of Kubernetes 1.27 or newer.")
    for group in parts(found, "items"):
        for version in parts(group, "versions"):
            yield name_of(group), version


def _removable(resource: JsonObject) -> bool:
    return resource.get("scope") == "Namespaced" and {"list", "delete"} <= set(resource.get("verbs") or ())
