"""POST, PUT and PATCH."""

from starlette.requests import Request
from starlette.responses import Response

from embedded.kubernetes.api.bodies import body_of, object_of
from embedded.kubernetes.api.reading import found
from embedded.kubernetes.api.representations import answer, form_of, represented
from embedded.kubernetes.api.requests import (
    APPLY_PATCH,
    JSON_PATCH,
    MERGE_PATCH,
    PATCHES,
    STRATEGIC_PATCH,
    Target,
    is_true,
    media_type,
    write_of,
)
from embedded.kubernetes.causes import required
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.errors import (
    bad_request,
    conflict,
    invalid_options,
    method_not_allowed,
    no_such_path,
    unsupported_media_type,
)
from embedded.kubernetes.objects import Object, copied, metadata, name_of, part, texts
from embedded.kubernetes.patches import json_patch, merge, strategic
from embedded.kubernetes.resources import Resource
from embedded.kubernetes.writing import Write


async def create(cluster: Cluster, target: Target, request: Request) -> Response:
    if target.resource.namespaced and not target.namespace:
        raise no_such_path()
    sent, write = await object_of(request, cluster.definitions), write_of(request)
    _check_kind(sent, target.resource)
    thing = cluster.writer.create(target.resource, target.namespace, sent, write)
    return _answer(thing, target.resource, request, write, 201)


async def replace(cluster: Cluster, target: Target, request: Request) -> Response:
    sent, write = await object_of(request, cluster.definitions), write_of(request, target.subresource)
    _check_kind(sent, target.resource)
    if name_of(sent) != target.name:
        raise bad_request(
            f"the name of the object ({name_of(sent)}) does not match the name on the URL ({target.name})"
        )
    live = found(cluster, target)
    uid = metadata(sent).get("uid") or metadata(live)["uid"]
    if uid != metadata(live)["uid"]:
        why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {metadata(live)['uid']}"
        raise conflict(target.resource, target.name, why)
    return _answer(cluster.writer.update(target.resource, live, sent, write), target.resource, request, write)


async def patch(cluster: Cluster, target: Target, request: Request) -> Response:
    kind = media_type(request)
    if kind == APPLY_PATCH:
        return await _apply(cluster, target, request)
    sent, write = await body_of(request, cluster.definitions), write_of(request, target.subresource)
    live = found(cluster, target)
    changed = patched(live, sent, kind, target.resource)
    return _answer(cluster.writer.update(target.resource, live, changed, write), target.resource, request, write)


def patched(live: Object, sent: object, kind: str, resource: Resource) -> Object:
    """The object after the patch, which is not written yet. Raises ApiError."""
    if kind == JSON_PATCH:
        return json_patch.patched(live, sent)
    if not isinstance(sent, dict):
        raise bad_request("json: cannot unmarshal the patch into Go value of type map[string]interface {}")
    if kind == MERGE_PATCH:
        return merge.merged(live, sent)
    if kind == STRATEGIC_PATCH and not resource.custom:
        return strategic.merged(live, copied(sent), resource.schema)  # pyright: ignore[reportUnknownArgumentType]
    raise unsupported_media_type([one for one in PATCHES if one != STRATEGIC_PATCH or not resource.custom])


async def _apply(cluster: Cluster, target: Target, request: Request) -> Response:
    if not request.query_params.get("fieldManager"):
        raise invalid_options("PatchOptions", required("fieldManager", "is required for apply patch"))
    if target.resource.namespaced and not target.namespace:
        raise no_such_path()
    sent, write = await object_of(request, cluster.definitions), write_of(request, target.subresource)
    _check_kind(sent, target.resource, must=True)
    if target.subresource:
        found(cluster, target)
    thing, created = cluster.writer.apply(
        target.resource, target.namespace, target.name, sent, write, force=is_true(request, "force")
    )
    return _answer(thing, target.resource, request, write, 201 if created else 200)


async def finalize(cluster: Cluster, target: Target, request: Request) -> Response:
    """PUT of a namespace without its finalizers: it goes, whatever is inside."""
    if request.method != "PUT":
        raise method_not_allowed()
    sent, live = await object_of(request, cluster.definitions), found(cluster, target)
    changed = {**live, "spec": {**part(live, "spec"), "finalizers": texts(sent, "spec", "finalizers")}}
    if metadata(live).get("deletionTimestamp") and not changed["spec"]["finalizers"]:
        cluster.store.remove(target.resource, live)
        return answer(changed)
    return answer(cluster.store.put(target.resource, changed))


def _check_kind(sent: Object, resource: Resource, *, must: bool = False) -> None:
    """Raises ApiError (400) if the object is of another kind or version than its path."""
    kind, version = sent.get("kind"), sent.get("apiVersion")
    if must and not (kind and version):
        raise bad_request("invalid object type: /, Kind=; apiVersion and kind are required")
    if kind not in (None, "", resource.kind) or version not in (None, "", resource.api_version):
        raise bad_request(
            f"the object provided is unrecognized (must be of type {resource.kind}): "
            f"{kind} in version {version} is not {resource.kind} in version {resource.api_version}"
        )


def _answer(thing: Object, resource: Resource, request: Request, write: Write, code: int = 200) -> Response:
    response = answer(represented(thing, resource, form_of(request)), code)
    for warning in write.warnings:
        escaped = warning.replace("\\", "\\\\").replace('"', '\\"')
        response.headers.append("Warning", f'299 - "{escaped}"')
    return response
