"""The pods of a StatefulSet, each with its number, its name and its volumes."""

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.children import pod_of
from embedded.kubernetes.controllers.revisions import HASH, template_of
from embedded.kubernetes.objects import Object, copied, labels_of, name_of, namespace_of, owner_reference, part, parts

_CLAIMS = "persistentvolumeclaims"


def ordinals(stateful_set: Object) -> range:
    """The numbers of the pods that it wants."""
    start = part(stateful_set, "spec", "ordinals").get("start", 0)
    return range(start, start + part(stateful_set, "spec")["replicas"])


def ordinal_of(pod: Object) -> int:
    return int(name_of(pod).rpartition("-")[2])


def revision_of(pod: Object) -> str:
    return labels_of(pod).get(HASH, "")


def create_pod(cluster: Cluster, stateful_set: Object, ordinal: int, revision: str) -> Object:
    """With its claims, where they are missing. Raises ApiError."""
    claims = {
        template["metadata"]["name"]: _claim_name(template, stateful_set, ordinal)
        for template in parts(stateful_set, "spec", "volumeClaimTemplates")
    }
    for template in parts(stateful_set, "spec", "volumeClaimTemplates"):
        _ensure_claim(cluster, stateful_set, template, claims[template["metadata"]["name"]])
    name = f"{name_of(stateful_set)}-{ordinal}"
    marks = {
        "statefulset.kubernetes.io/pod-name": name,
        "apps.kubernetes.io/pod-index": str(ordinal),
        HASH: revision,
    }
    pod: Object = pod_of(stateful_set, template_of(cluster, stateful_set, revision), name=name, labels=marks)
    spec: Object = pod["spec"]
    others = [one for one in parts(spec, "volumes") if one["name"] not in claims]
    spec["volumes"] = [
        *({"name": volume, "persistentVolumeClaim": {"claimName": claim}} for volume, claim in claims.items()),
        *others,
    ]
    spec["hostname"] = name
    if part(stateful_set, "spec").get("serviceName"):
        spec["subdomain"] = stateful_set["spec"]["serviceName"]
    return cluster.create("pods", namespace_of(stateful_set), pod)


def delete_claims(cluster: Cluster, stateful_set: Object, ordinal: int) -> None:
    """After its pod was given up for good, if the set says so."""
    if part(stateful_set, "spec", "persistentVolumeClaimRetentionPolicy").get("whenScaled") != "Delete":
        return
    for template in parts(stateful_set, "spec", "volumeClaimTemplates"):
        name = _claim_name(template, stateful_set, ordinal)
        if claim := cluster.store.get(_CLAIMS, namespace_of(stateful_set), name):
            cluster.delete(_CLAIMS, claim)


def _ensure_claim(cluster: Cluster, stateful_set: Object, template: Object, name: str) -> None:
    if cluster.store.get(_CLAIMS, namespace_of(stateful_set), name):
        return
    own: Object = {
        "name": name,
        "labels": {**labels_of(template), **part(stateful_set, "spec", "selector", "matchLabels")},
        "annotations": copied(part(template, "metadata", "annotations")),
    }
    if part(stateful_set, "spec", "persistentVolumeClaimRetentionPolicy").get("whenDeleted") == "Delete":
        own["ownerReferences"] = [{**owner_reference(stateful_set), "controller": False, "blockOwnerDeletion": False}]
    claim = {"metadata": own, "spec": copied(part(template, "spec"))}
    cluster.create(_CLAIMS, namespace_of(stateful_set), claim)


def _claim_name(template: Object, stateful_set: Object, ordinal: int) -> str:
    return f"{template['metadata']['name']}-{name_of(stateful_set)}-{ordinal}"
