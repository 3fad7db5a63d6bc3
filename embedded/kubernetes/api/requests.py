"""What a request asks for, read from its path, query and headers."""

from dataclasses import dataclass

from starlette.requests import Request

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.errors import bad_request, no_such_path
from embedded.kubernetes.resources import Resource
from embedded.kubernetes.writing import Write

JSON, YAML = "application/json", "application/yaml"
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"
PATCHES = (JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH)
_TRUE = ("true", "1", "t", "True", "TRUE")


@dataclass(frozen=True)
class Target:
    """What a path below /api or /apis names."""

    resource: Resource
    namespace: str
    name: str
    subresource: str


def target_of(cluster: Cluster, group: str, version: str, path: str) -> Target:
    """Raises ApiError (404) if there is no such kind or subresource."""
    steps = [step for step in path.split("/") if step]
    namespace = ""
    inside = len(steps) > 2 and steps[0] == "namespaces"
    if inside and not (group == "" and steps[2] in cluster.resources.named("namespaces").subresources):
        namespace, steps = steps[1], steps[2:]
    if not 1 <= len(steps) <= 3:
        raise no_such_path()
    resource = cluster.resources.served(group, version, steps[0])
    if resource is None or (namespace and not resource.namespaced):
        raise no_such_path()
    name, subresource = (*steps[1:], "", "")[:2]
    if subresource and subresource not in resource.subresources:
        raise no_such_path()
    return Target(resource, namespace, name, subresource)


def is_true(request: Request, name: str) -> bool:
    return request.query_params.get(name, "") in _TRUE


def number(request: Request, name: str) -> int | None:
    """Raises ApiError (400) if it is there and no number."""
    text = request.query_params.get(name, "")
    if text and not text.isdecimal():
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text) if text else None


def media_type(request: Request) -> str:
    return request.headers.get("content-type", JSON).partition(";")[0].strip()


def write_of(request: Request, subresource: str = "") -> Write:
    """Raises ApiError (400) for an unknown dryRun."""
    dry_run = request.query_params.get("dryRun", "")
    if dry_run not in ("", "All"):
        raise bad_request(f'dryRun: Unsupported value: "{dry_run}": supported values: "All"')
    return Write(
        manager_of(request),
        subresource,
        bool(dry_run),
        request.query_params.get("fieldValidation") == "Strict",
    )


def manager_of(request: Request) -> str:
    """As whom it writes: what it says, or the start of its user agent."""
    agent = request.headers.get("user-agent", "unknown").partition("/")[0]
    return request.query_params.get("fieldManager") or agent
