"""Watches: the changes after a version, as they come."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from embedded.kubernetes.api.reading import in_version, selection
from embedded.kubernetes.api.representations import Form, form_of, represented
from embedded.kubernetes.api.requests import Target, is_true, number
from embedded.kubernetes.causes import Cause
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.errors import bad_request, expired, invalid_options
from embedded.kubernetes.history import Change, Expired
from embedded.kubernetes.objects import Object, namespace_of
from embedded.kubernetes.resources import Resource

_LONGEST_SECONDS = 1800
_BOOKMARK_SECONDS = 10
_INITIAL_END = "k8s.io/initial-events-end"


class Watch:
    """One client's watch."""

    def __init__(self, cluster: Cluster, target: Target, request: Request) -> None:
        """Raises ApiError for options that don't go together."""
        self._cluster = cluster
        self._resource: Resource = target.resource
        self._namespace = target.namespace
        self._selects = selection(request)
        self._form: Form = form_of(request)
        self._include = request.query_params.get("includeObject", "Metadata")
        self._bookmarks = is_true(request, "allowWatchBookmarks")
        self._wants_initial = is_true(request, "sendInitialEvents")
        self._seconds = number(request, "timeoutSeconds") or _LONGEST_SECONDS
        self._name = target.name
        version = request.query_params.get("resourceVersion", "")
        if version and not version.isdecimal():
            raise bad_request(f'strconv.ParseUint: parsing "{version}": invalid syntax')
        self._version = int(version or 0)
        if self._wants_initial and request.query_params.get("resourceVersionMatch") != "NotOlderThan":
            why = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
            raise invalid_options("ListOptions", Cause("resourceVersionMatch", "FieldValueForbidden", why))
        if self._version > cluster.store.version:
            self._version = cluster.store.version

    async def lines(self) -> AsyncIterator[bytes]:
        try:
            async with aclosing(self._events()) as events:
                async for line in events:
                    yield line
        except Expired as error:
            yield _line("ERROR", expired(str(error)).status)

    async def _events(self) -> AsyncGenerator[bytes]:
        version = self._version
        if self._wants_initial or not version:
            version = self._cluster.store.version
            for thing in self._cluster.store.all(self._resource.name, self._namespace):
                if self._means(thing):
                    yield self._event("ADDED", thing)
            if self._wants_initial:
                yield self._bookmark(version, {_INITIAL_END: "true"})
        follow = self._cluster.store.history.follow(version, self._seconds, _BOOKMARK_SECONDS)
        async with aclosing(follow):
            async for changes in follow:
                for change in changes:
                    version = change.version
                    if event := self._seen(change):
                        yield event
                if self._bookmarks and not changes:
                    yield self._bookmark(version, {})

    def _seen(self, change: Change) -> bytes | None:
        """As this client sees it: what leaves the selection is deleted, what enters it is added."""
        if change.resource.name != self._resource.name:
            return None
        now = change.type != "DELETED" and self._means(change.object)
        before = change.before is not None and self._means(change.before)
        if now:
            return self._event("MODIFIED" if before else "ADDED", change.object)
        if not before or change.before is None:
            return None
        last = {**change.before["metadata"], "resourceVersion": change.object["metadata"]["resourceVersion"]}
        return self._event("DELETED", {**change.before, "metadata": last})

    def _means(self, thing: Object) -> bool:
        if self._namespace and namespace_of(thing) != self._namespace:
            return False
        return (not self._name or thing["metadata"]["name"] == self._name) and self._selects(thing)

    def _event(self, kind: str, thing: Object) -> bytes:
        shown = in_version(thing, self._resource)
        return _line(kind, represented(shown, self._resource, self._form, include=self._include))

    def _bookmark(self, version: int, annotations: dict[str, str]) -> bytes:
        own: Object = {"resourceVersion": str(version), "creationTimestamp": None}
        if annotations:
            own["annotations"] = annotations
        mark = {"kind": self._resource.kind, "apiVersion": self._resource.api_version, "metadata": own}
        return _line("BOOKMARK", represented(mark, self._resource, "Object"))


def watch(cluster: Cluster, target: Target, request: Request) -> Response:
    return StreamingResponse(Watch(cluster, target, request).lines(), media_type="application/json")


def _line(kind: str, thing: Object) -> bytes:
    return orjson.dumps({"type": kind, "object": thing}) + b"\n"
