"""Taking away what is ours, and waiting until it is gone."""

from jobs.adapters.kubernetes.removal.namespace import remove_namespace
from jobs.adapters.kubernetes.removal.resources import remove_resources
from jobs.adapters.kubernetes.removal.workloads import remove_workloads

__all__ = ["remove_namespace", "remove_resources", "remove_workloads"]
