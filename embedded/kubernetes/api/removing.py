"""DELETE: one object, or all that a selector means."""

from typing import cast

from starlette.requests import Request
from starlette.responses import Response

from embedded.kubernetes.api.bodies import body_of
from embedded.kubernetes.api.reading import found, selection
from embedded.kubernetes.api.representations import answer
from embedded.kubernetes.api.requests import Target, is_true, number
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.deleting import DeleteOptions, delete, delete_options, is_there
from embedded.kubernetes.errors import bad_request
from embedded.kubernetes.objects import Object, metadata, name_of
from embedded.kubernetes.resources import Resource

#: Kinds of which a delete returns the object that it deleted, others return a Status.
_RETURNED = frozenset(
    {"persistentvolumeclaims", "persistentvolumes", "pods", "resourcequotas", "serviceaccounts", "services"}
)


async def remove(cluster: Cluster, target: Target, request: Request) -> Response:
    options = await _options(cluster, request)
    live = found(cluster, target)
    thing = delete(cluster.store, target.resource, live, options)
    if is_there(cluster.store, target.resource, live) or target.resource.name in _RETURNED:
        return answer(thing)
    return answer(_success(live, target.resource))


async def remove_all(cluster: Cluster, target: Target, request: Request) -> Response:
    options, meant = await _options(cluster, request), selection(request)
    things = [thing for thing in cluster.store.all(target.resource.name, target.namespace) if meant(thing)]
    deleted = [delete(cluster.store, target.resource, thing, options) for thing in things]
    own = {"resourceVersion": str(cluster.store.version)}
    return answer(
        {
            "kind": f"{target.resource.kind}List",
            "apiVersion": target.resource.api_version,
            "metadata": own,
            "items": deleted,
        }
    )


async def _options(cluster: Cluster, request: Request) -> DeleteOptions:
    """Of the body, or of the query. Raises ApiError (400)."""
    sent = await body_of(request, cluster.definitions)
    if sent is not None and not isinstance(sent, dict):
        raise bad_request("the body of a DELETE is DeleteOptions")
    options = {**cast("Object", sent or {})}
    if policy := request.query_params.get("propagationPolicy"):
        options["propagationPolicy"] = policy
    if (grace := number(request, "gracePeriodSeconds")) is not None:
        options["gracePeriodSeconds"] = grace
    if "orphanDependents" in request.query_params:
        options["orphanDependents"] = is_true(request, "orphanDependents")
    if request.query_params.get("dryRun"):
        options["dryRun"] = [request.query_params["dryRun"]]
    if options.get("propagationPolicy", "") not in ("", "Background", "Foreground", "Orphan"):
        raise bad_request(
            f'invalid DeleteOptions: propagationPolicy: Unsupported value: "{options["propagationPolicy"]}"'
        )
    return delete_options(options)


def _success(thing: Object, resource: Resource) -> Object:
    details = {"name": name_of(thing), "kind": resource.plural, "uid": metadata(thing)["uid"]}
    if resource.group:
        details["group"] = resource.group
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}
