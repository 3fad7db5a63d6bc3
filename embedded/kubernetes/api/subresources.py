"""What hangs below an object: its scale, its log, its eviction, its tokens."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from embedded.kubernetes.api.bodies import body_of, object_of
from embedded.kubernetes.api.changing import patched
from embedded.kubernetes.api.reading import found
from embedded.kubernetes.api.representations import answer
from embedded.kubernetes.api.requests import Target, is_true, media_type, number, write_of
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.deleting import delete, delete_options
from embedded.kubernetes.errors import bad_request, method_not_allowed
from embedded.kubernetes.node.logs import log_of
from embedded.kubernetes.objects import Object, metadata, part, value_at

_SCALE_METADATA = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


async def scale(cluster: Cluster, target: Target, request: Request) -> Response:
    if request.method not in ("GET", "PUT", "PATCH"):
        raise method_not_allowed()
    sent = await body_of(request, cluster.definitions)
    live = found(cluster, target)
    before = _scale_of(live)
    if request.method == "GET":
        return answer(before)
    after = sent if request.method == "PUT" else patched(before, sent, media_type(request), target.resource)
    replicas, version = value_at(after, "spec", "replicas"), value_at(after, "metadata", "resourceVersion")
    if replicas is not None and not isinstance(replicas, int):
        raise bad_request("json: cannot unmarshal spec.replicas into Go struct field ScaleSpec of type int32")
    changed = {**live, "spec": {**live["spec"], "replicas": replicas or 0}}
    changed["metadata"] = {**live["metadata"], "resourceVersion": version or live["metadata"]["resourceVersion"]}
    return answer(_scale_of(cluster.writer.update(target.resource, live, changed, write_of(request, "scale"))))


async def log(cluster: Cluster, target: Target, request: Request) -> Response:
    pod = found(cluster, target)
    text = log_of(
        pod,
        request.query_params.get("container", ""),
        previous=is_true(request, "previous"),
        tail=number(request, "tailLines"),
    )
    return PlainTextResponse(text)


async def evict(cluster: Cluster, target: Target, request: Request) -> Response:
    """Deletes the pod, as if no disruption budget stood in the way."""
    sent = await object_of(request, cluster.definitions)
    delete(cluster.store, target.resource, found(cluster, target), delete_options(part(sent, "deleteOptions")))
    return answer({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}, 201)


def _scale_of(thing: Object) -> Object:
    selector = part(thing, "spec", "selector", "matchLabels")
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {name: metadata(thing)[name] for name in _SCALE_METADATA},
        "spec": {"replicas": part(thing, "spec").get("replicas", 0)},
        "status": {
            "replicas": part(thing, "status").get("replicas", 0),
            "selector": ",".join(f"{key}={value}" for key, value in selector.items()),
        },
    }
