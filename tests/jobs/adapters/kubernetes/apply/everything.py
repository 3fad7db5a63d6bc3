"""A configuration that asks for an object of nearly every kind."""

from typing import Any

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.kinds import (
    AUTOSCALER,
    CLAIM,
    CONFIG_MAP,
    DEPLOYMENT,
    DISRUPTION_BUDGET,
    INGRESS,
    SECRET,
    SERVICE,
    Kind,
)
from models.configuration import (
    Autoscaling,
    DeploymentSettings,
    IngressRule,
    NetworkSettings,
    Port,
    Variable,
    Volume,
)

AUTOSCALED = DeploymentSettings(autoscaling=Autoscaling(min_replicas=2, max_replicas=5))
NETWORK = NetworkSettings(
    ports=(Port(name="http", number=8080), Port(name="admin", number=9090)),
    ingress=(IngressRule(host="www", port="http"),),
)
VARIABLES = (
    Variable(name="COLOUR", value="blue"),
    Variable(name="SIZE", value="big"),
    Variable(name="PASSWORD", secret=True, sealed="sealed"),
)
EVERYTHING: dict[str, Any] = {
    "deployment": AUTOSCALED,
    "networking": NETWORK,
    "variables": VARIABLES,
    "volumes": (Volume(name="data", mount_path="/data", size_gib=2),),
    "secrets": {"PASSWORD": "hunter2"},
}
#: What it asks for, by kind and name.
NAMES = {
    ("ConfigMap", "web"),
    ("Secret", "web"),
    ("PersistentVolumeClaim", "web.data"),
    ("Service", "web"),
    ("Deployment", "web"),
    ("HorizontalPodAutoscaler", "web"),
    ("PodDisruptionBudget", "web"),
    ("Ingress", "web"),
}

_POD = {"metadata": {"labels": {"app": "theirs"}}, "spec": {"containers": [{"name": "theirs", "image": "theirs:1"}]}}
_SELECTOR = {"matchLabels": {"app": "theirs"}}
_TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "theirs"}
#: The same objects as somebody else has them.
FOREIGN: tuple[tuple[Kind, str, JsonObject], ...] = (
    (CONFIG_MAP, "web", {"data": {"theirs": "1"}}),
    (SECRET, "web", {"data": {"theirs": "MQ=="}}),
    (
        CLAIM,
        "web.data",
        {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}},
    ),
    (SERVICE, "web", {"spec": {"selector": {"app": "theirs"}, "ports": [{"port": 80}]}}),
    (DEPLOYMENT, "web", {"spec": {"replicas": 0, "selector": _SELECTOR, "template": _POD}}),
    (AUTOSCALER, "web", {"spec": {"scaleTargetRef": _TARGET, "minReplicas": 1, "maxReplicas": 2}}),
    (DISRUPTION_BUDGET, "web", {"spec": {"selector": _SELECTOR, "maxUnavailable": 1}}),
    (
        INGRESS,
        "web",
        {"spec": {"defaultBackend": {"service": {"name": "theirs", "port": {"number": 80}}}}},
    ),
)
