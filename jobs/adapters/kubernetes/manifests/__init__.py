"""From the domain to Kubernetes objects, and nothing else: equal input gives equal objects, no cluster is asked."""

from jobs.adapters.kubernetes.manifests.build_pod import BUILD_CONTAINER, FETCH_CONTAINER
from jobs.adapters.kubernetes.manifests.build_settings import BuildSettings
from jobs.adapters.kubernetes.manifests.builds import build_name, build_namespace_of, build_objects_of
from jobs.adapters.kubernetes.manifests.objects import objects_of

__all__ = [
    "BUILD_CONTAINER",
    "FETCH_CONTAINER",
    "BuildSettings",
    "build_name",
    "build_namespace_of",
    "build_objects_of",
    "objects_of",
]
