"""The build of a git source: a Job that fetches the source, builds it and pushes the image."""

import hashlib

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.kinds import JOB, NAMESPACE
from jobs.adapters.kubernetes.labels import MANAGED_BY, MANAGER, service_labels
from jobs.adapters.kubernetes.manifests.build_pod import build_pod
from jobs.adapters.kubernetes.manifests.build_settings import BuildSettings
from jobs.adapters.kubernetes.manifests.marking import operation_marks
from jobs.ports import ServiceRef
from models.configuration import GitSource


def build_objects_of(
    service: ServiceRef, source: GitSource, revision: int, fence: int, settings: BuildSettings
) -> list[JsonObject]:
    """Every object of one build, in the order of applying. The builds' namespace must be there."""
    job = {
        "apiVersion": JOB.api_version,
        "kind": JOB.kind,
        "metadata": {
            "name": build_name(service, revision, fence),
            "namespace": settings.namespace,
            "labels": service_labels(service),
            "annotations": operation_marks(revision, fence),
        },
        "spec": {
            "backoffLimit": 0,
            "activeDeadlineSeconds": settings.deadline_seconds,
            "ttlSecondsAfterFinished": settings.keep_seconds,
            "template": {"metadata": {"labels": service_labels(service)}, "spec": build_pod(source, settings)},
        },
    }
    return [job]


def build_namespace_of(settings: BuildSettings) -> JsonObject:
    """The namespace of all builds, which Pod Security lets run unconfined."""
    labels = {MANAGED_BY: MANAGER, "pod-security.kubernetes.io/enforce": "privileged"}
    return {
        "apiVersion": NAMESPACE.api_version,
        "kind": NAMESPACE.kind,
        "metadata": {"name": settings.namespace, "labels": labels},
    }


def build_name(service: ServiceRef, revision: int, fence: int) -> str:
    """Of one operation's build of one revision, at most 63 characters: pods carry it as a label.

    Environments share the builds' namespace, so the name of the service does not tell whose build it is.
    """
    whose = hashlib.sha256(f"{service.id}/{revision}/{fence}".encode()).hexdigest()[:10]
    return f"{service.name}-r{revision}-{whose}"
