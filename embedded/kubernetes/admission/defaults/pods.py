"""Pods and their containers."""

from embedded.kubernetes.admission.defaults.filling import fill
from embedded.kubernetes.objects import Object, part, parts

_VOLUME_MODES = ("configMap", "secret", "projected", "downwardAPI")


def complete_pod(spec: Object) -> None:
    fill(
        spec,
        restartPolicy="Always",
        terminationGracePeriodSeconds=30,
        dnsPolicy="ClusterFirst",
        securityContext={},
        schedulerName="default-scheduler",
    )
    if spec.get("serviceAccountName"):
        spec["serviceAccount"] = spec["serviceAccountName"]
    for container in (*parts(spec, "initContainers"), *parts(spec, "containers")):
        _complete_container(container)
    for volume in parts(spec, "volumes"):
        _complete_volume(volume)


def complete_template(template: Object) -> None:
    template.setdefault("metadata", {})
    complete_pod(template.setdefault("spec", {}))


def _complete_container(container: Object) -> None:
    fill(
        container,
        resources={},
        terminationMessagePath="/dev/termination-log",
        terminationMessagePolicy="File",
        imagePullPolicy="Always" if _tag(container.get("image", "")) in ("", "latest") else "IfNotPresent",
    )
    for port in parts(container, "ports"):
        fill(port, protocol="TCP")
    for variable in parts(container, "env"):
        if source := part(variable, "valueFrom", "fieldRef"):
            fill(source, apiVersion="v1")
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        if container.get(probe):
            _complete_probe(container[probe])
    resources = container["resources"]
    for name, limit in part(resources, "limits").items():
        if name not in part(resources, "requests"):
            resources["requests"] = {**part(resources, "requests"), name: limit}


def _complete_probe(probe: Object) -> None:
    fill(probe, timeoutSeconds=1, periodSeconds=10, successThreshold=1, failureThreshold=3)
    if probe.get("httpGet"):
        fill(probe["httpGet"], path="/", scheme="HTTP")
    if probe.get("grpc"):
        fill(probe["grpc"], service="")


def _complete_volume(volume: Object) -> None:
    if len(volume) == 1:
        volume["emptyDir"] = {}
    for source in _VOLUME_MODES:
        if volume.get(source):
            fill(volume[source], defaultMode=420)


def _tag(image: str) -> str:
    """The tag, or the digest; empty if there is none."""
    last = image.rpartition("/")[2]
    return last.partition("@")[2] or last.partition(":")[2]
