"""Deletes one object, as it was seen."""

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.apply.preconditions import check_fence
from jobs.adapters.kubernetes.json import metadata
from jobs.adapters.kubernetes.kinds import WORKLOADS
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.refusals import Conflict, Refused
from jobs.errors import Transient

#: How often an object that others keep changing is looked at again before the step backs off.
_LOOKS = 8


def delete(api: Api, found: Found, fence: int) -> Found | None:
    """Deletes the object and returns what is left of it, if anything. Another one of its name stays.

    Raises Overtaken when a newer operation has written it, which may be between a look and the deletion.
    """
    for _ in range(_LOOKS):
        try:
            if not found.terminates_at:
                _delete(api, found)
        except Conflict:
            pass  # it has changed since
        left = api.find(found.path)
        if left is None or metadata(left).get("uid") != found.uid:
            return None
        found = Found(found.kind, left)
        if found.terminates_at:
            return found
        check_fence(found, fence)
    raise Transient(f"{found} is changed by others all the time.")


def _delete(api: Api, found: Found) -> None:
    known = {"uid": found.uid, "resourceVersion": metadata(found.thing)["resourceVersion"]}
    # A workload stays until its pods are gone, so that they are not forgotten.
    policy = "Foreground" if found.kind in WORKLOADS else "Background"
    try:
        api.call("DELETE", found.path, body={"preconditions": known, "propagationPolicy": policy})
    except Refused as refused:
        if refused.code != 404:
            raise
