"""ControllerRevisions: the versions that a template had."""

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.hashes import short_hash
from embedded.kubernetes.objects import (
    Object,
    controller_of,
    labels_of,
    name_of,
    namespace_of,
    owner_reference,
    part,
    uid_of,
)

_REVISIONS = "controllerrevisions.apps"
#: The label of pods that tells of which revision they are.
HASH = "controller-revision-hash"


def current_revision(cluster: Cluster, owner: Object) -> Object:
    """The revision of the owner's template as it is now; made if it is new, the newest in any case."""
    known = _revisions_of(cluster, owner)
    data = {"spec": {"template": {**part(owner, "spec", "template"), "$patch": "replace"}}}
    newest = max((one["revision"] for one in known), default=0)
    same = next((one for one in known if one["data"] == data), None)
    if same is None:
        return _make(cluster, owner, data, newest + 1)
    if same["revision"] < newest:
        return cluster.store.put(cluster.resources.named(_REVISIONS), {**same, "revision": newest + 1})
    return same


def template_of(cluster: Cluster, owner: Object, revision: str) -> Object:
    """The template that a revision stands for; the present one if the revision is gone."""
    found = cluster.store.get(_REVISIONS, namespace_of(owner), revision)
    template = part(found or owner, *(("data", "spec", "template") if found else ("spec", "template")))
    return {name: value for name, value in template.items() if name != "$patch"}


def forget_history(cluster: Cluster, owner: Object, used: set[str]) -> None:
    """Drops the oldest that no pod is of, beyond the owner's limit."""
    idle = [one for one in _revisions_of(cluster, owner) if name_of(one) not in used]
    kept = part(owner, "spec").get("revisionHistoryLimit", 10)
    for one in sorted(idle, key=lambda one: one["revision"])[: max(0, len(idle) - kept)]:
        cluster.delete(_REVISIONS, one)


def _revisions_of(cluster: Cluster, owner: Object) -> list[Object]:
    found = cluster.store.all(_REVISIONS, namespace_of(owner))
    return [one for one in found if controller_of(one) == uid_of(owner)]


def _make(cluster: Cluster, owner: Object, data: Object, revision: int) -> Object:
    digest = short_hash(data)
    own: Object = {
        "name": f"{name_of(owner)}-{digest}",
        "labels": {**labels_of(part(owner, "spec", "template")), HASH: digest},
        "ownerReferences": [owner_reference(owner)],
    }
    return cluster.create(_REVISIONS, namespace_of(owner), {"metadata": own, "data": data, "revision": revision})
