"""Deletes that hit exactly what was seen."""

from collections.abc import Sequence

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.json import metadata
from jobs.adapters.kubernetes.kinds import Kind
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.parallel import in_parallel
from jobs.adapters.kubernetes.refusals import Conflict, Refused
from jobs.errors import Blocker, Overtaken, Permanent, Transient


def require_not_overtaken(found: Sequence[Found], fence: int) -> None:
    """Raises Overtaken when a newer operation has written one of them."""
    for one in found:
        if one.written_by is not None and one.written_by > fence:
            raise Overtaken(f"{one} was written by operation {one.written_by}, which is newer than {fence}.")


def delete_each(api: Api, found: Sequence[Found]) -> None:
    """Deletes each that is not terminating already. What has changed since it was seen is left for the next look.

    When some can't be deleted the others are nevertheless; then raises Permanent or Transient with those as blockers.
    """
    standing = [one for one in found if one.terminates_at is None]
    answers = in_parallel(lambda one: delete(api, one), standing)
    refused = [(one, answer) for one, answer in zip(standing, answers, strict=True) if answer is not None]
    if not refused:
        return
    blockers = [Blocker(one.kind.kind, one.name, answer.message) for one, answer in refused]
    message = f"{refused[0][0]} can't be deleted: {refused[0][1].message}"
    if any(isinstance(answer, Permanent) for _, answer in refused):
        raise Permanent(message, blockers=blockers)
    raise Transient(message, blockers=blockers)


def delete(api: Api, one: Found) -> None:
    """Deletes the object with this uid, and only as it was seen if an operation wrote it: a newer one may since."""
    preconditions = {"uid": one.uid}
    if one.written_by is not None:
        preconditions["resourceVersion"] = metadata(one.thing)["resourceVersion"]
    try:
        api.call("DELETE", one.path, body={**_OPTIONS, "preconditions": preconditions})
    except Conflict:
        return
    except Refused as refused:
        if refused.code != 404:
            raise


def delete_labelled(api: Api, kind: Kind, namespace: str, selector: str) -> None:
    """Deletes all objects of the kind with these labels in one call."""
    api.call("DELETE", kind.path(namespace), query={"labelSelector": selector}, body=_OPTIONS)


_OPTIONS = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}
