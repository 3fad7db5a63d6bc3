"""Removes what a service no longer asks for."""

from collections.abc import Sequence

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.api import MERGE, Api
from jobs.adapters.kubernetes.apply.applying import writer_of
from jobs.adapters.kubernetes.apply.writer import Writer
from jobs.adapters.kubernetes.json import JsonObject, labels_of, metadata, name_of, owners_of, part, uid_of
from jobs.adapters.kubernetes.kinds import APPLIED, WAVES, Kind
from jobs.adapters.kubernetes.manifests import objects_of
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.parallel import in_parallel, raised
from jobs.adapters.kubernetes.removal.deleting import delete_each, require_not_overtaken
from jobs.adapters.kubernetes.removal.waiting import require_gone
from jobs.ports import Desired, ObjectRef, ServiceRef


def prune(api: Api, service: ServiceRef, desired: Desired) -> Sequence[ObjectRef]:
    """As `Cluster.prune`. A wave begins when the one before is gone, so that nothing loses what it refers to."""
    wanted = objects_of(service, desired)
    fallen = unwanted(api, service, wanted)
    require_not_overtaken(fallen, desired.fence)
    goes = [found for found in fallen if not found.retained]
    for wave in reversed(WAVES):
        _delete_all(api, [found for found in goes if found.kind in wave], desired.fence)
    for claim in fallen:
        if claim.retained:
            _mark_kept(api, claim)
    _set_replicas(writer_of(api, service, desired, wanted), wanted)
    return [found.ref for found in goes]


def unwanted(api: Api, service: ServiceRef, wanted: Sequence[JsonObject]) -> list[Found]:
    """What is there of the service beside what is wanted."""
    asked = {(one["kind"], name_of(one)) for one in wanted}
    query = {"labelSelector": labels.query(service.environment, service)}

    def listed(kind: Kind) -> list[Found]:
        return [Found(kind, thing) for thing in api.items(kind.path(service.environment.namespace), query=query)]

    found = [one for several in raised(in_parallel(listed, APPLIED)) for one in several]
    return [one for one in found if (one.kind.kind, one.name) not in asked and not owners_of(one.thing)]


def _delete_all(api: Api, goes: Sequence[Found], fence: int) -> None:
    """Raises NotYet until they are gone."""
    delete_each(api, goes, fence)
    left = raised(in_parallel(lambda one: api.find(one.path), goes))
    pairs = zip(goes, left, strict=True)
    require_gone([Found(one.kind, thing) for one, thing in pairs if thing is not None and uid_of(thing) == one.uid])


def _mark_kept(api: Api, claim: Found) -> None:
    """The mark goes again when the volume is asked for once more: an apply does not say it."""
    if labels.KEPT in labels_of(claim.thing):
        return
    known = {"uid": claim.uid, "resourceVersion": metadata(claim.thing)["resourceVersion"]}
    body = {"metadata": {**known, "labels": {labels.KEPT: "true"}}}
    api.call("PATCH", claim.path, query={"fieldManager": labels.MANAGER}, body=body, content_type=MERGE)


def _set_replicas(writer: Writer, wanted: Sequence[JsonObject]) -> None:
    """Once more: an autoscaler that nothing asks for any more could scale until it was removed just now."""
    for one in wanted:
        replicas = part(one, "spec").get("replicas")
        found = writer.find(one) if replicas is not None else None
        if found is not None and part(found.thing, "spec").get("replicas") != replicas:
            writer.write(one, found)
