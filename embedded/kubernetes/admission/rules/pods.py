"""Pods, and templates of pods."""

from collections.abc import Iterator

from embedded.kubernetes import names
from embedded.kubernetes.admission.rules.containers import check_containers
from embedded.kubernetes.causes import Cause, duplicate, forbidden, required, unsupported, wrong
from embedded.kubernetes.objects import Object, copied, part, parts

_RESTART_POLICIES = ("Always", "OnFailure", "Never")
_MAY_CHANGE = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def check_pod(pod: Object, before: Object | None) -> Iterator[Cause]:
    yield from check_pod_spec(part(pod, "spec"), "spec")
    if before and _fixed(part(pod, "spec")) != _fixed(part(before, "spec")):
        yield forbidden("spec", _MAY_CHANGE)


def check_pod_spec(spec: Object, field: str) -> Iterator[Cause]:
    policy = spec.get("restartPolicy", "Always")
    if policy not in _RESTART_POLICIES:
        yield unsupported(f"{field}.restartPolicy", policy, _RESTART_POLICIES)
    volumes: set[str] = set()
    for place, volume in enumerate(parts(spec, "volumes")):
        name = volume.get("name", "")
        if not name:
            yield required(f"{field}.volumes[{place}].name")
        elif name in volumes:
            yield duplicate(f"{field}.volumes[{place}].name", name)
        else:
            for problem in names.label_problems(name):
                yield wrong(f"{field}.volumes[{place}].name", name, problem)
        volumes.add(name)
    if not parts(spec, "containers"):
        yield required(f"{field}.containers")
    yield from check_containers(parts(spec, "initContainers"), f"{field}.initContainers", volumes)
    yield from check_containers(parts(spec, "containers"), f"{field}.containers", volumes)
    grace = spec.get("terminationGracePeriodSeconds", 0)
    if grace < 0:
        yield wrong(f"{field}.terminationGracePeriodSeconds", grace, "must be greater than or equal to 0")


def _fixed(spec: Object) -> Object:
    """What of a pod's spec may never change."""
    fixed = copied(spec)
    for name in ("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"):
        fixed.pop(name, None)
    for container in (*parts(fixed, "initContainers"), *parts(fixed, "containers")):
        container.pop("image", None)
    return fixed
