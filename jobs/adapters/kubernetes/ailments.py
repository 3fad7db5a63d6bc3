"""What of a service is not as it should be: objects that others have changed or deleted, pods that are not ready."""

from collections.abc import Sequence
from dataclasses import replace

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.apply import preview
from jobs.adapters.kubernetes.kinds import NAMESPACE
from jobs.adapters.kubernetes.labels import INSTALLATION
from jobs.adapters.kubernetes.rollout import unreadiness
from jobs.ports import Desired, FieldChange, ObjectChange, ServiceRef
from models.vocabulary import ObjectAction

_MOST_FIELDS = 3


def ailments(api: Api, service: ServiceRef, desired: Desired) -> Sequence[str]:
    """See the port. What an apply would change now has been changed since the last one."""
    namespace = service.environment.namespace
    if api.find(NAMESPACE.path(name=namespace)) is None:
        return [f"namespace {namespace} is gone, with all that was in it"]
    drifted = [_said(change) for change in map(_by_others, preview(api, service, desired)) if change is not None]
    unready = unreadiness(api, service)
    return [*drifted, unready] if unready else drifted


def _by_others(change: ObjectChange) -> ObjectChange | None:
    """Without the mark of the installation where older versions of ours have left it out; None if that is all."""
    fields = [one for one in change.fields if one.before is not None or not one.path.endswith(f"labels.{INSTALLATION}")]
    return replace(change, fields=fields) if fields or change.action is not ObjectAction.CHANGE else None


def _said(change: ObjectChange) -> str:
    what = f"{change.kind} {change.name}"
    match change.action:
        case ObjectAction.CREATE:
            return f"{what} is missing"
        case ObjectAction.REMOVE:
            return f"{what} is there though nothing asks for it"
        case ObjectAction.CHANGE:
            more = f" and {len(change.fields) - _MOST_FIELDS} more fields" if len(change.fields) > _MOST_FIELDS else ""
            return f"{what} was changed: {'; '.join(map(_field, change.fields[:_MOST_FIELDS]))}{more}"


def _field(field: FieldChange) -> str:
    if field.before is None:
        return f"{field.path} is gone"
    return f"{field.path} is {field.before} and should be {field.after if field.after is not None else 'absent'}"
