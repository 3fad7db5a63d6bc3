"""Deletes that hit exactly what was seen."""

from collections.abc import Iterable, Sequence

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.json import metadata, uid_of
from jobs.adapters.kubernetes.kinds import Kind
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.parallel import in_parallel
from jobs.adapters.kubernetes.refusals import Conflict, Refused
from jobs.errors import Blocker, Overtaken, Permanent, Transient

#: How often an object that others keep changing is looked at again before it is left for the next look.
_LOOKS = 3


def require_not_overtaken(found: Iterable[Found], fence: int) -> None:
    """Raises Overtaken when a newer operation has written one of them."""
    for one in found:
        if one.written_by is not None and one.written_by > fence:
            raise Overtaken(f"{one} was written by operation {one.written_by}, which is newer than {fence}.")


def delete_each(api: Api, found: Sequence[Found], fence: int) -> None:
    """Deletes each that is not terminating already.

    When some can't be deleted the others are nevertheless; then raises Permanent (Overtaken before all) or Transient
    with those as blockers.
    """
    standing = [one for one in found if one.terminates_at is None]
    answers = in_parallel(lambda one: delete(api, one, fence), standing)
    refused = [(one, answer) for one, answer in zip(standing, answers, strict=True) if answer is not None]
    if not refused:
        return
    overtaken = next((answer for _, answer in refused if isinstance(answer, Overtaken)), None)
    if overtaken is not None:
        raise overtaken
    blockers = [Blocker(one.kind.kind, one.name, answer.message) for one, answer in refused]
    message = f"{refused[0][0]} can't be deleted: {refused[0][1].message}"
    if any(isinstance(answer, Permanent) for _, answer in refused):
        raise Permanent(message, blockers=blockers)
    raise Transient(message, blockers=blockers)


def delete(api: Api, one: Found, fence: int) -> None:
    """Deletes the object with this uid. One that an operation wrote must be as it was seen: a newer one may write it.

    Raises Overtaken when a newer one did.
    """
    for _ in range(_LOOKS):
        try:
            _delete(api, one)
        except Conflict:
            left = api.find(one.path)
            if left is None or uid_of(left) != one.uid:
                return
            one = Found(one.kind, left)
            require_not_overtaken([one], fence)
        else:
            return


def _delete(api: Api, one: Found) -> None:
    preconditions = {"uid": one.uid}
    if one.written_by is not None:
        preconditions["resourceVersion"] = metadata(one.thing)["resourceVersion"]
    try:
        api.call("DELETE", one.path, body={**_OPTIONS, "preconditions": preconditions})
    except Refused as refused:
        if refused.code != 404:
            raise


def delete_labelled(api: Api, kind: Kind, namespace: str, selector: str) -> None:
    """Deletes all objects of the kind with these labels in one call."""
    api.call("DELETE", kind.path(namespace), query={"labelSelector": selector}, body=_OPTIONS)


_OPTIONS = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}
