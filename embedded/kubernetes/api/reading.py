"""GET: one object, or a list of them page by page."""

import base64
import binascii
from itertools import islice

import orjson
from starlette.requests import Request
from starlette.responses import Response

from embedded.kubernetes.api.representations import answer, form_of, represented, represented_list
from embedded.kubernetes.api.requests import Target, number
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.errors import bad_request, no_such_path, not_found
from embedded.kubernetes.objects import Object, name_of, namespace_of
from embedded.kubernetes.resources import Resource
from embedded.kubernetes.selectors import Match, by_fields, by_labels


def found(cluster: Cluster, target: Target) -> Object:
    """Raises ApiError (404) if it is not there."""
    if target.resource.namespaced and not target.namespace:
        raise no_such_path()
    thing = cluster.store.get(target.resource.name, target.namespace, target.name)
    if thing is None:
        raise not_found(target.resource, target.name)
    return in_version(thing, target.resource)


def in_version(thing: Object, resource: Resource) -> Object:
    """The object as this version of its kind shows it. (Custom kinds only have several, which differ in name only.)"""
    return thing if thing["apiVersion"] == resource.api_version else {**thing, "apiVersion": resource.api_version}


def selection(request: Request) -> Match:
    """Whether an object is meant by the request's selectors. Raises ApiError (400)."""
    labels = by_labels(request.query_params.get("labelSelector", ""))
    fields = by_fields(request.query_params.get("fieldSelector", ""))
    return lambda thing: labels(thing) and fields(thing)


def get(cluster: Cluster, target: Target, request: Request) -> Response:
    include = request.query_params.get("includeObject", "Metadata")
    return answer(represented(found(cluster, target), target.resource, form_of(request), include=include))


def list_all(cluster: Cluster, target: Target, request: Request) -> Response:
    """Pages end at a name, not at a number: what goes meanwhile makes no gap and no repetition."""
    resource, meant = target.resource, selection(request)
    version, after = _continuation(request, cluster.store.version)
    limit = number(request, "limit") or 0
    things = [thing for thing in cluster.store.all(resource.name, target.namespace) if meant(thing)]
    left = [thing for thing in things if _place(thing) > after] if after else things
    page = list(islice(left, limit)) if limit else left
    own: Object = {"resourceVersion": str(version)}
    if len(page) < len(left):
        own["continue"] = base64.urlsafe_b64encode(orjson.dumps([version, _place(page[-1])])).decode()
        if not request.query_params.get("labelSelector") and not request.query_params.get("fieldSelector"):
            own["remainingItemCount"] = len(left) - len(page)
    shown = [in_version(thing, resource) for thing in page]
    include = request.query_params.get("includeObject", "Metadata")
    return answer(represented_list(shown, resource, own, form_of(request), include))


def _continuation(request: Request, newest: int) -> tuple[int, list[str]]:
    """The version that the list began at, and where its last page ended."""
    token = request.query_params.get("continue", "")
    if not token:
        return newest, []
    try:
        version, place = orjson.loads(base64.urlsafe_b64decode(token))
    except (binascii.Error, ValueError) as error:
        raise bad_request(f"continue key is not valid: {error}") from error
    return version, place


def _place(thing: Object) -> list[str]:
    return [namespace_of(thing), name_of(thing)]
