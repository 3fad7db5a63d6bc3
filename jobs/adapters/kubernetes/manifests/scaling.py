"""How many pods there may be, and how many may be away at once."""

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.kinds import AUTOSCALER, DEPLOYMENT, DISRUPTION_BUDGET
from jobs.adapters.kubernetes.labels import selector
from jobs.adapters.kubernetes.manifests.marking import marked
from jobs.ports import Desired, ServiceRef


def autoscalers(service: ServiceRef, desired: Desired) -> list[JsonObject]:
    autoscaling = desired.configuration.deployment.autoscaling
    if autoscaling is None:
        return []
    target = {"type": "Utilization", "averageUtilization": autoscaling.target_cpu_percent}
    spec = {
        "scaleTargetRef": {"apiVersion": DEPLOYMENT.api_version, "kind": DEPLOYMENT.kind, "name": service.name},
        "minReplicas": autoscaling.min_replicas,
        "maxReplicas": autoscaling.max_replicas,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
    }
    return [marked(AUTOSCALER, service, desired, {"spec": spec})]


def disruption_budgets(service: ServiceRef, desired: Desired) -> list[JsonObject]:
    """Nodes are drained pod by pod, where there may be several. A budget for a single pod would stop every drain.

    Pods that are not ready never hold a drain up.
    """
    deployment = desired.configuration.deployment
    most = deployment.replicas if deployment.autoscaling is None else deployment.autoscaling.max_replicas
    if most < 2:
        return []
    spec = {
        "selector": {"matchLabels": selector(service)},
        "maxUnavailable": 1,
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }
    return [marked(DISRUPTION_BUDGET, service, desired, {"spec": spec})]
