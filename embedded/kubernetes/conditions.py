"""Conditions of a status."""

from typing import Literal

from embedded.kubernetes.objects import Object, parts, timestamp

Truth = Literal["True", "False", "Unknown"]


def condition(thing: Object, kind: str) -> Object:
    """The condition of that type, empty if there is none."""
    return next((one for one in parts(thing, "status", "conditions") if one.get("type") == kind), Object())


def is_true(thing: Object, kind: str) -> bool:
    return condition(thing, kind).get("status") == "True"


def stated(thing: Object, kind: str, status: Truth, reason: str, message: str, *, updated: bool = False) -> Object:
    """A condition for the object's next status. It keeps its times as long as it says the same.

    `updated`: whether the kind has a lastUpdateTime too.
    """
    before = condition(thing, kind)
    same = before.get("status") == status
    stated: Object = {
        "type": kind,
        "status": status,
        "reason": reason,
        "message": message,
        "lastTransitionTime": before["lastTransitionTime"] if same else timestamp(),
    }
    if updated:
        unchanged = same and (before.get("reason"), before.get("message")) == (reason, message)
        stated["lastUpdateTime"] = before["lastUpdateTime"] if unchanged else timestamp()
    return stated
