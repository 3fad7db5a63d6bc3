"""Whether what was applied runs: the verdict on a service's workload."""

from jobs.adapters.kubernetes.rollout.readiness import unreadiness
from jobs.adapters.kubernetes.rollout.verdict import check_rollout

__all__ = ["check_rollout", "unreadiness"]
