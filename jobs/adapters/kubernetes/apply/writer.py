"""Writes one object of a service: creates it, or changes it by server-side apply."""

from dataclasses import dataclass, field

from jobs.adapters.kubernetes.api import APPLY, MERGE, Api
from jobs.adapters.kubernetes.apply.explaining import explained
from jobs.adapters.kubernetes.apply.field_owners import as_applied, has_updated
from jobs.adapters.kubernetes.apply.preconditions import require_ours, require_staying
from jobs.adapters.kubernetes.apply.replicas import Workload, with_replicas
from jobs.adapters.kubernetes.json import JsonObject, metadata, name_of
from jobs.adapters.kubernetes.kinds import kind_of
from jobs.adapters.kubernetes.labels import MANAGER
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.refusals import Conflict
from jobs.adapters.kubernetes.removal.deleting import require_not_overtaken
from jobs.errors import Transient
from jobs.ports import ServiceRef

#: How often an object that others keep changing is looked at again before the step backs off.
_LOOKS = 8


@dataclass(frozen=True)
class Writer:
    """One operation's writes for a service."""

    api: Api
    service: ServiceRef
    fence: int
    #: Workloads whose replicas belong to somebody else's autoscaler.
    scaled_by_others: frozenset[Workload] = frozenset()
    #: How many pods the workloads begin with that an autoscaler of ours scales.
    first_replicas: dict[Workload, int] = field(default_factory=dict[Workload, int])

    def find(self, wanted: JsonObject) -> Found | None:
        """What is there under the name, whosever it is."""
        kind = kind_of(wanted["kind"])
        thing = self.api.find(self._path(wanted))
        return Found(kind, thing) if thing is not None else None

    def write(self, wanted: JsonObject, found: Found | None) -> Found:
        """Makes the object what is wanted; `found` is what was there at the last look.

        Raises Permanent when it is not ours or can't be changed, Overtaken when a newer operation has written it,
        NotYet while an old one is being deleted.
        """
        for _ in range(_LOOKS):
            try:
                return self._create(wanted) if found is None else self._change(wanted, found)
            except Conflict:
                found = self.find(wanted)
        raise Transient(f"{wanted['kind']} {name_of(wanted)} is changed by others all the time.")

    def rehearse(self, wanted: JsonObject, found: Found | None) -> Found:
        """What `write` would make of it, as the server says without doing it. Raises Permanent as `write` does."""
        if found is None:
            return self._post(wanted, dry=True)
        require_ours(found, self.service)
        return self._apply(wanted, found, dry=True)

    def _create(self, wanted: JsonObject) -> Found:
        """By POST, which never touches what somebody else has put there meanwhile, as an apply would."""
        return self._claim_fields(self._post(wanted, dry=False))

    def _change(self, wanted: JsonObject, found: Found) -> Found:
        require_ours(found, self.service)
        require_not_overtaken([found], self.fence)
        require_staying(found)
        if has_updated(found.thing):
            found = self._claim_fields(found)
        return self._apply(wanted, found, dry=False)

    def _post(self, wanted: JsonObject, *, dry: bool) -> Found:
        kind = kind_of(wanted["kind"])
        body = self._body(wanted, None)
        path = kind.path(self.service.environment.namespace)
        with explained(wanted):
            return Found(kind, self.api.call("POST", path, query=_query(dry=dry), body=body))

    def _claim_fields(self, found: Found) -> Found:
        """Turns the fields that we own by having created the object into fields that we own by apply.

        The API keeps the two apart, and what was created is never dropped by an apply that leaves it out.
        """
        owners = as_applied(found.thing)
        body = {"metadata": {"resourceVersion": _version(found), "managedFields": owners}}
        query = {"fieldManager": MANAGER}
        return Found(found.kind, self.api.call("PATCH", found.path, query=query, body=body, content_type=MERGE))

    def _apply(self, wanted: JsonObject, found: Found, *, dry: bool) -> Found:
        """With force: all that `wanted` says is what the configuration asks for, so it is ours to say.

        What others may say is left out before: see `replicas`. What it does not say stays as others have it.
        """
        body = self._body(wanted, found.thing)
        known = {"uid": found.uid, **({} if dry else {"resourceVersion": _version(found)})}
        body = {**body, "metadata": {**metadata(body), **known}}
        query = {**_query(dry=dry), "force": True}
        with explained(wanted):
            return Found(found.kind, self.api.call("PATCH", found.path, query=query, body=body, content_type=APPLY))

    def _body(self, wanted: JsonObject, live: JsonObject | None) -> JsonObject:
        return with_replicas(wanted, live, self.scaled_by_others, self.first_replicas)

    def _path(self, wanted: JsonObject) -> str:
        return kind_of(wanted["kind"]).path(self.service.environment.namespace, name_of(wanted))


def _version(found: Found) -> str:
    return metadata(found.thing)["resourceVersion"]


def _query(*, dry: bool) -> dict[str, str | int | bool]:
    return {"fieldManager": MANAGER, **({"dryRun": "All"} if dry else {})}
