"""Deployments, ReplicaSets, StatefulSets, DaemonSets, and autoscalers."""

from embedded.kubernetes.admission.defaults.filling import fill
from embedded.kubernetes.admission.defaults.pods import complete_template
from embedded.kubernetes.admission.defaults.storage import complete_claim
from embedded.kubernetes.objects import Object, made, parts


def complete_deployment(deployment: Object) -> None:
    spec = made(deployment, "spec")
    fill(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600, strategy={})
    fill(spec["strategy"], type="RollingUpdate")
    if spec["strategy"]["type"] == "RollingUpdate":
        fill(made(spec, "strategy", "rollingUpdate"), maxUnavailable="25%", maxSurge="25%")
    complete_template(made(spec, "template"))


def complete_replica_set(replica_set: Object) -> None:
    spec = made(replica_set, "spec")
    fill(spec, replicas=1)
    complete_template(made(spec, "template"))


def complete_stateful_set(stateful_set: Object) -> None:
    spec = made(stateful_set, "spec")
    fill(
        spec,
        replicas=1,
        revisionHistoryLimit=10,
        podManagementPolicy="OrderedReady",
        updateStrategy={},
        persistentVolumeClaimRetentionPolicy={},
        serviceName="",
    )
    fill(spec["persistentVolumeClaimRetentionPolicy"], whenDeleted="Retain", whenScaled="Retain")
    fill(spec["updateStrategy"], type="RollingUpdate")
    if spec["updateStrategy"]["type"] == "RollingUpdate":
        fill(made(spec, "updateStrategy", "rollingUpdate"), partition=0)
    for claim in parts(spec, "volumeClaimTemplates"):
        fill(claim, apiVersion="v1", kind="PersistentVolumeClaim", status={})
        complete_claim(claim)
        fill(claim["status"], phase="Pending")
    complete_template(made(spec, "template"))


def complete_daemon_set(daemon_set: Object) -> None:
    spec = made(daemon_set, "spec")
    fill(spec, revisionHistoryLimit=10, updateStrategy={})
    fill(spec["updateStrategy"], type="RollingUpdate")
    if spec["updateStrategy"]["type"] == "RollingUpdate":
        fill(made(spec, "updateStrategy", "rollingUpdate"), maxSurge=0, maxUnavailable=1)
    complete_template(made(spec, "template"))


def complete_autoscaler(autoscaler: Object) -> None:
    spec = made(autoscaler, "spec")
    usage = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
    }
    fill(spec, minReplicas=1, metrics=[usage])
