"""Persistent volumes.

A StatefulSet gets its claims from here as the others do, not from templates, which can't be changed once they are
there: a claim of its own can grow.
"""

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.kinds import CLAIM
from jobs.adapters.kubernetes.labels import ON_DELETE
from jobs.adapters.kubernetes.manifests.marking import marked
from jobs.ports import Desired, ServiceRef
from models.configuration import Volume


def claims(service: ServiceRef, desired: Desired) -> list[JsonObject]:
    return [_claim(service, desired, volume) for volume in desired.configuration.volumes]


def pod_volumes(service: ServiceRef, desired: Desired) -> list[JsonObject]:
    return [
        {"name": volume.name, "persistentVolumeClaim": {"claimName": claim_name(service, volume)}}
        for volume in desired.configuration.volumes
    ]


def mounts(desired: Desired) -> list[JsonObject]:
    return [{"name": volume.name, "mountPath": volume.mount_path} for volume in desired.configuration.volumes]


def claim_name(service: ServiceRef, volume: Volume) -> str:
    """With a dot, which neither name has in it: `web-a` with `b` and `web` with `a-b` never want the same claim."""
    return f"{service.name}.{volume.name}"


def _claim(service: ServiceRef, desired: Desired, volume: Volume) -> JsonObject:
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": f"{volume.size_gib}Gi"}},
    }
    name, annotations = claim_name(service, volume), {ON_DELETE: volume.on_delete.value}
    return marked(CLAIM, service, desired, {"spec": spec}, name=name, annotations=annotations)
