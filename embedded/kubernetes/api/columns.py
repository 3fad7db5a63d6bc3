"""Which columns a table of a kind has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from embedded.kubernetes.conditions import is_true
from embedded.kubernetes.objects import Object, is_deleting, metadata, moment_of, name_of, now, part, parts, value_at
from embedded.kubernetes.resources import Resource

_NONE = "<none>"


@dataclass(frozen=True)
class Column:
    name: str
    cell: Callable[[Object], Any]
    type: str = "string"
    format: str = ""
    #: Above 0 it is shown only with `-o wide`.
    priority: int = 0


def columns_of(resource: Resource) -> list[Column]:
    own = _COLUMNS.get(resource.name, ())
    narrow, wide = [one for one in own if not one.priority], [one for one in own if one.priority]
    return [_NAME, *narrow, _AGE, *wide]


def cells(thing: Object, resource: Resource) -> list[Any]:
    return [column.cell(thing) for column in columns_of(resource)]


def age(thing: Object) -> str:
    started = metadata(thing).get("creationTimestamp")
    return duration((now() - moment_of(started)).total_seconds()) if started else "<unknown>"


def duration(seconds: float) -> str:
    """As kubectl shortens it: 45s, 3m20s, 5h, 12d."""
    whole = max(0, int(seconds))
    if whole < 120:
        return f"{whole}s"
    if whole < 600:
        return f"{whole // 60}m{whole % 60}s" if whole % 60 else f"{whole // 60}m"
    if whole < 3 * 3600:
        return f"{whole // 60}m"
    return f"{whole // 3600}h" if whole < 48 * 3600 else f"{whole // 86400}d"


def _at(*path: str, default: Any = _NONE) -> Callable[[Object], Any]:
    def cell(thing: Object) -> Any:
        found = value_at(thing, *path)
        return default if found is None or found == "" else found

    return cell


def _share(have: tuple[str, ...], want: tuple[str, ...]) -> Callable[[Object], str]:
    return lambda thing: f"{value_at(thing, *have) or 0}/{value_at(thing, *want) or 0}"


def _pod_ready(pod: Object) -> str:
    statuses = parts(pod, "status", "containerStatuses")
    return f"{sum(bool(one['ready']) for one in statuses)}/{len(parts(pod, 'spec', 'containers'))}"


def _pod_status(pod: Object) -> str:
    if is_deleting(pod):
        return "Terminating"
    for number, status in enumerate(parts(pod, "status", "initContainerStatuses")):
        state = part(status, "state")
        if reason := part(state, "waiting").get("reason"):
            return f"Init:{reason}" if reason != "PodInitializing" else "PodInitializing"
        if part(state, "terminated").get("exitCode"):
            return "Init:Error"
        if "running" in state:
            return f"Init:{number}/{len(parts(pod, 'spec', 'initContainers'))}"
    for status in parts(pod, "status", "containerStatuses"):
        state = part(status, "state")
        reason = part(state, "waiting").get("reason") or part(state, "terminated").get("reason")
        if reason:
            return reason
    return value_at(pod, "status", "phase") or "Pending"


def _restarts(pod: Object) -> str:
    return str(sum(status["restartCount"] for status in parts(pod, "status", "containerStatuses")))


def _service_ports(service: Object) -> str:
    shown = [
        f"{port['port']}{':' + str(port['nodePort']) if port.get('nodePort') else ''}/{port.get('protocol', 'TCP')}"
        for port in parts(service, "spec", "ports")
    ]
    return ",".join(shown) or _NONE


def _addresses(thing: Object) -> str:
    shown = [one.get("ip") or one.get("hostname", "") for one in parts(thing, "status", "loadBalancer", "ingress")]
    return ",".join(shown)


def _external(service: Object) -> str:
    if value_at(service, "spec", "type") == "LoadBalancer":
        return _addresses(service) or "<pending>"
    return value_at(service, "spec", "externalName") or _NONE


def _hosts(ingress: Object) -> str:
    return ",".join(rule.get("host") or "*" for rule in parts(ingress, "spec", "rules")) or "*"


def _job_status(job: Object) -> str:
    for kind in ("Complete", "Failed", "Suspended"):
        if is_true(job, kind):
            return kind
    return "Running"


def _last_schedule(cron_job: Object) -> str:
    last = value_at(cron_job, "status", "lastScheduleTime")
    return duration((now() - moment_of(last)).total_seconds()) if last else _NONE


def _scale_target(autoscaler: Object) -> str:
    target = part(autoscaler, "spec", "scaleTargetRef")
    return f"{target.get('kind')}/{target.get('name')}"


_NAME = Column("Name", name_of, format="name")
_AGE = Column("Age", age)
_READY = Column("Ready", _share(("status", "readyReplicas"), ("spec", "replicas")))
_DATA = Column("Data", lambda thing: len(part(thing, "data")) + len(part(thing, "binaryData")), "integer")
_STATUS = Column("Status", _at("status", "phase"))

_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "configmaps": (_DATA,),
    "cronjobs.batch": (
        Column("Schedule", _at("spec", "schedule")),
        Column("Timezone", _at("spec", "timeZone")),
        Column("Suspend", lambda thing: str(bool(value_at(thing, "spec", "suspend")))),
        Column("Active", lambda thing: len(parts(thing, "status", "active")), "integer"),
        Column("Last Schedule", _last_schedule),
    ),
    "customresourcedefinitions.apiextensions.k8s.io": (Column("Created At", _at("metadata", "creationTimestamp")),),
    "daemonsets.apps": (
        Column("Desired", _at("status", "desiredNumberScheduled", default=0), "integer"),
        Column("Ready", _at("status", "numberReady", default=0), "integer"),
    ),
    "deployments.apps": (
        _READY,
        Column("Up-to-date", _at("status", "updatedReplicas", default=0), "integer"),
        Column("Available", _at("status", "availableReplicas", default=0), "integer"),
    ),
    "events": (
        Column("Type", _at("type")),
        Column("Reason", _at("reason")),
        Column("Object", lambda event: "/".join(str(event["involvedObject"].get(one, "")) for one in ("kind", "name"))),
        Column("Message", _at("message")),
    ),
    "horizontalpodautoscalers.autoscaling": (
        Column("Reference", _scale_target),
        Column("MinPods", _at("spec", "minReplicas"), "string"),
        Column("MaxPods", _at("spec", "maxReplicas"), "integer"),
        Column("Replicas", _at("status", "currentReplicas", default=0), "integer"),
    ),
    "ingresses.networking.k8s.io": (
        Column("Class", _at("spec", "ingressClassName")),
        Column("Hosts", _hosts),
        Column("Address", _addresses),
    ),
    "jobs.batch": (
        Column("Status", _job_status),
        Column("Completions", _share(("status", "succeeded"), ("spec", "completions"))),
    ),
    "namespaces": (_STATUS,),
    "nodes": (Column("Status", lambda node: "Ready" if is_true(node, "Ready") else "NotReady"),),
    "persistentvolumeclaims": (
        _STATUS,
        Column("Volume", _at("spec", "volumeName", default="")),
        Column("Capacity", _at("status", "capacity", "storage", default="")),
        Column("StorageClass", _at("spec", "storageClassName", default="")),
    ),
    "persistentvolumes": (
        Column("Capacity", _at("spec", "capacity", "storage")),
        Column("Reclaim Policy", _at("spec", "persistentVolumeReclaimPolicy")),
        _STATUS,
        Column("Claim", lambda one: "/".join(part(one, "spec", "claimRef").get(k, "") for k in ("namespace", "name"))),
        Column("StorageClass", _at("spec", "storageClassName", default="")),
    ),
    "poddisruptionbudgets.policy": (
        Column("Min Available", _at("spec", "minAvailable", default="N/A")),
        Column("Max Unavailable", _at("spec", "maxUnavailable", default="N/A")),
    ),
    "pods": (
        Column("Ready", _pod_ready),
        Column("Status", _pod_status),
        Column("Restarts", _restarts),
        Column("IP", _at("status", "podIP"), priority=1),
        Column("Node", _at("spec", "nodeName"), priority=1),
    ),
    "replicasets.apps": (
        Column("Desired", _at("spec", "replicas", default=0), "integer"),
        Column("Current", _at("status", "replicas", default=0), "integer"),
        Column("Ready", _at("status", "readyReplicas", default=0), "integer"),
    ),
    "secrets": (Column("Type", _at("type")), _DATA),
    "services": (
        Column("Type", _at("spec", "type")),
        Column("Cluster-IP", _at("spec", "clusterIP")),
        Column("External-IP", _external),
        Column("Port(s)", _service_ports),
    ),
    "statefulsets.apps": (_READY,),
    "storageclasses.storage.k8s.io": (
        Column("Provisioner", _at("provisioner")),
        Column("ReclaimPolicy", _at("reclaimPolicy")),
    ),
}
