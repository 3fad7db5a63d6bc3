"""In which form a client wants to have an object: whole, its metadata only, or as a table."""

import re
from typing import Any, Literal

import orjson
from starlette.requests import Request
from starlette.responses import Response

from embedded.kubernetes.api.tables import table
from embedded.kubernetes.errors import not_acceptable
from embedded.kubernetes.objects import Object, metadata
from embedded.kubernetes.resources import Resource

_ACCEPTED = ("application/json", "application/*", "*/*")
_AS = re.compile(r"as=(\w+)")

Form = Literal["Object", "PartialObjectMetadata", "Table"]


def form_of(request: Request) -> Form:
    """The first form of its Accept header that there is. Raises ApiError (406) if there is none."""
    accept = request.headers.get("accept", "*/*") or "*/*"
    for choice in accept.split(","):
        kind = choice.partition(";")[0].strip()
        if kind not in _ACCEPTED:
            continue
        found = _AS.search(choice.replace(" ", ""))
        if found is None:
            return "Object"
        if found[1] in ("PartialObjectMetadata", "PartialObjectMetadataList"):
            return "PartialObjectMetadata"
        if found[1] == "Table":
            return "Table"
    raise not_acceptable("application/json, application/yaml")


def represented(thing: Object, resource: Resource, form: Form, *, include: str = "Metadata") -> Object:
    if form == "PartialObjectMetadata":
        return _partial(thing)
    if form == "Table":
        return table([thing], resource, {"resourceVersion": metadata(thing).get("resourceVersion", "")}, include)
    return thing


def represented_list(things: list[Object], resource: Resource, own: Object, form: Form, include: str) -> Object:
    """`own` is the metadata of the list."""
    if form == "Table":
        return table(things, resource, own, include)
    if form == "PartialObjectMetadata":
        kind, version, things = "PartialObjectMetadataList", "meta.k8s.io/v1", [_partial(one) for one in things]
    else:
        kind, version = f"{resource.kind}List", resource.api_version
    return {"kind": kind, "apiVersion": version, "metadata": own, "items": things}


def answer(content: Any, code: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content), code, headers, "application/json")


def _partial(thing: Object) -> Object:
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": thing["metadata"]}
