"""From the domain to Kubernetes objects, and nothing else: equal input gives equal objects, no cluster is asked."""

from jobs.adapters.kubernetes.manifests.objects import objects_of

__all__ = ["objects_of"]
