"""Makes the cluster what a service asks for: applies it, prunes what fell out of it, previews both.

The package decides who may write what: an object by its owner, uid and version, a field by its owners.
"""

from jobs.adapters.kubernetes.apply.applying import apply
from jobs.adapters.kubernetes.apply.previewing import preview
from jobs.adapters.kubernetes.apply.pruning import prune

__all__ = ["apply", "preview", "prune"]
