"""The ASGI application: which path does what."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from embedded.kubernetes.api import aggregated, changing, discovery, openapi, reading, removing, subresources, watching
from embedded.kubernetes.api.guard import Guard
from embedded.kubernetes.api.representations import answer, form_of
from embedded.kubernetes.api.requests import Target, is_true, target_of
from embedded.kubernetes.api.reviews import Reviews
from embedded.kubernetes.api.version import VERSION
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.errors import ApiError, bad_request, method_not_allowed, no_such_path

Handler = Callable[[Cluster, Target, Request], Awaitable[Response]]

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_SUBRESOURCES: dict[str, Handler] = {
    "eviction": subresources.evict,
    "finalize": changing.finalize,
    "log": subresources.log,
    "scale": subresources.scale,
}


class Api:
    def __init__(self, cluster: Cluster, guard: Guard, reviews: Reviews) -> None:
        self._cluster = cluster
        self._guard = guard
        self._reviews = reviews

    def application(self) -> Starlette:
        routes = [
            Route("/version", _version),
            *(Route(f"/{name}", _health) for name in ("healthz", "livez", "readyz")),
            Route("/openapi/v2", self._openapi_2),
            Route("/openapi/v3", self._openapi_index),
            Route("/openapi/v3/{place:path}", self._openapi_3),
            Route("/api", self._core),
            Route("/apis", self._groups),
            Route("/api/{version}", self._resources),
            Route("/apis/{group}", self._group),
            Route("/apis/{group}/{version}", self._resources),
            Route("/api/{version}/{path:path}", self._objects, methods=_METHODS),
            Route("/apis/{group}/{version}/{path:path}", self._objects, methods=_METHODS),
        ]
        handlers = {ApiError: _refuse, HTTPException: _refuse_path, RecursionError: _refuse_depth}
        return Starlette(routes=routes, exception_handlers=handlers)  # pyright: ignore[reportArgumentType]

    async def _openapi_2(self, request: Request) -> Response:
        self._guard.admit(request)
        form_of(request)
        return answer(openapi.version_2(self._cluster))

    async def _openapi_index(self, request: Request) -> Response:
        self._guard.admit(request)
        return answer(openapi.version_3_index(self._cluster))

    async def _openapi_3(self, request: Request) -> Response:
        self._guard.admit(request)
        return answer(openapi.version_3(self._cluster, request.path_params["place"]))

    async def _core(self, request: Request) -> Response:
        self._guard.admit(request)
        if aggregated.is_asked(request):
            return _aggregated(aggregated.core(self._cluster))
        return answer(discovery.versions())

    async def _groups(self, request: Request) -> Response:
        self._guard.admit(request)
        if aggregated.is_asked(request):
            return _aggregated(aggregated.groups(self._cluster))
        return answer(discovery.groups(self._cluster))

    async def _group(self, request: Request) -> Response:
        self._guard.admit(request)
        return answer(discovery.group(self._cluster, request.path_params["group"]))

    async def _resources(self, request: Request) -> Response:
        self._guard.admit(request)
        group, version = request.path_params.get("group", ""), request.path_params["version"]
        return answer(discovery.resources(self._cluster, group, version))

    async def _objects(self, request: Request) -> Response:
        place = request.path_params
        target = target_of(self._cluster, place.get("group", ""), place["version"], place["path"])
        user = self._guard.check(request, target)
        if target.resource.verbs == ("create",):
            return await self._reviews.review(target, request, user)
        if target.subresource == "token":
            return await self._reviews.token(target, request)
        return await _handled(self._cluster, target, request)


async def _handled(cluster: Cluster, target: Target, request: Request) -> Response:
    if target.subresource in _SUBRESOURCES:
        return await _SUBRESOURCES[target.subresource](cluster, target, request)
    if request.method == "GET":
        return _read(cluster, target, request)
    handler = _writing(target, request.method)
    return await handler(cluster, target, request)


def _read(cluster: Cluster, target: Target, request: Request) -> Response:
    if is_true(request, "watch"):
        return watching.watch(cluster, target, request)
    if target.name:
        return reading.get(cluster, target, request)
    if "list" not in target.resource.verbs:
        raise method_not_allowed()
    return reading.list_all(cluster, target, request)


def _writing(target: Target, method: str) -> Handler:
    if not target.name:
        handlers: dict[str, Handler] = {"POST": changing.create, "DELETE": removing.remove_all}
    elif target.subresource:
        handlers = {"PUT": changing.replace, "PATCH": changing.patch}
    else:
        handlers = {"PUT": changing.replace, "PATCH": changing.patch, "DELETE": removing.remove}
    if method not in handlers:
        raise method_not_allowed()
    return handlers[method]


async def _version(request: Request) -> Response:
    return answer(VERSION)


async def _health(request: Request) -> Response:
    return PlainTextResponse("ok")


def _aggregated(content: object) -> Response:
    response = answer(content)
    response.headers["content-type"] = aggregated.MEDIA_TYPE
    return response


async def _refuse(request: Request, error: ApiError) -> Response:
    return answer(error.status, error.code)


async def _refuse_depth(request: Request, error: RecursionError) -> Response:
    refusal = bad_request("the body of the request is nested too deeply")
    return answer(refusal.status, refusal.code)


async def _refuse_path(request: Request, error: HTTPException) -> Response:
    refusal = method_not_allowed() if error.status_code == 405 else no_such_path()
    return answer(refusal.status, refusal.code)
