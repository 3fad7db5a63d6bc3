"""What a person would look at next: the end of the log and the latest warnings."""

from dataclasses import replace

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.json import JsonObject, metadata, parts
from jobs.adapters.kubernetes.kinds import EVENT, POD
from jobs.adapters.kubernetes.labels import MANAGER
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.refusals import Refused
from jobs.adapters.kubernetes.rollout.pods import IMAGE_BACK_OFF, Trouble, is_no_such_image, stays_refused
from jobs.errors import Transient

_LOG_LINES = 10
_LOG_CHARACTERS = 2000
_EVENTS = 3


def describe(api: Api, namespace: str, trouble: Trouble) -> str:
    """The trouble with the end of the container's log and its pod's latest warnings, where they can be read."""
    said = str(trouble)
    text = [said[0].upper() + said[1:] + "."]
    if log := _log(api, namespace, trouble):
        text.append(f"Its log ends with:\n{log}\n")
    events = _warnings(api, namespace, trouble.pod_uid)[-_EVENTS:]
    if events:
        told = dict.fromkeys(f"{event.get('reason')}: {event.get('message', '').strip()}" for event in events)
        text.append(f"Events: {'; '.join(told)}.")
    return " ".join(text)


def refused_creation(api: Api, namespace: str, workload: Found) -> str | None:
    """Why the pods of a StatefulSet are not made, where the reason is one that stays: a quota or a policy.

    It has no condition for it, only events; those from before it was written are another rollout's.
    """
    since = last_written(workload.thing) or ""
    for event in reversed(_warnings(api, namespace, workload.uid)):
        message = event.get("message", "")
        if event.get("reason") == "FailedCreate" and stays_refused(message) and _time(event) >= since:
            return f"FailedCreate: {message}"
    return None


def with_what_events_tell(api: Api, namespace: str, trouble: Trouble | None) -> Trouble | None:
    """Kubelets before 1.32 tell only in an event why an image could not be pulled."""
    if trouble is None or trouble.final or trouble.reason != IMAGE_BACK_OFF:
        return trouble
    events = _warnings(api, namespace, trouble.pod_uid)
    return replace(trouble, final=any(is_no_such_image(event.get("message", "")) for event in events))


def last_written(thing: JsonObject) -> str | None:
    """When we wrote it, RFC 3339."""
    fields = parts(thing, "metadata", "managedFields")
    return max((entry.get("time", "") for entry in fields if entry.get("manager") == MANAGER), default=None)


def _log(api: Api, namespace: str, trouble: Trouble) -> str | None:
    if trouble.container is None:
        return None
    query = {"container": trouble.container, "tailLines": _LOG_LINES, "previous": trouble.crashed}
    try:
        text = api.text(f"{POD.path(namespace, trouble.pod)}/log", query=query)
    except (Refused, Transient):  # it never started, or its node does not answer
        return None
    return text.strip()[-_LOG_CHARACTERS:] or None


def _warnings(api: Api, namespace: str, uid: str) -> list[JsonObject]:
    """The object's warning events, the latest last."""
    try:
        events = api.items(EVENT.path(namespace), query={"fieldSelector": f"involvedObject.uid={uid},type=Warning"})
    except (Refused, Transient):
        return []
    return sorted(events, key=_time)


def _time(event: JsonObject) -> str:
    return event.get("lastTimestamp") or event.get("eventTime") or metadata(event).get("creationTimestamp") or ""
