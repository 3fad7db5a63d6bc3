"""What a container wrote."""

from embedded.kubernetes.errors import ApiError, bad_request
from embedded.kubernetes.node.containers import has_started, waits_for
from embedded.kubernetes.node.pods import outcome_named
from embedded.kubernetes.objects import Object, name_of, part, parts


def log_of(pod: Object, container: str = "", *, previous: bool = False, tail: int | None = None) -> str:
    """Raises ApiError (400) if there is no such container, or it has not started."""
    name = container or _only(pod)
    statuses = [*parts(pod, "status", "initContainerStatuses"), *parts(pod, "status", "containerStatuses")]
    status = next((one for one in statuses if one["name"] == name), None)
    if status is None:
        known = any(
            one["name"] == name for one in (*parts(pod, "spec", "initContainers"), *parts(pod, "spec", "containers"))
        )
        raise _not_started(pod, name, "ContainerCreating") if known else _no_container(pod, name)
    if previous and not part(status, "lastState"):
        raise bad_request(f'previous terminated container "{name}" in pod "{name_of(pod)}" not found')
    if not has_started(status):
        raise _not_started(pod, name, waits_for(status))
    lines = outcome_named(pod, name).log
    if "running" in status["state"] and not status["ready"]:
        lines = lines[:1]
    shown = lines if tail is None else lines[max(0, len(lines) - tail) :]
    return "".join(f"{line}\n" for line in shown)


def _only(pod: Object) -> str:
    names = [one["name"] for one in parts(pod, "spec", "containers")]
    if len(names) > 1:
        raise bad_request(
            f"a container name must be specified for pod {name_of(pod)}, choose one of: [{' '.join(names)}]"
        )
    return names[0]


def _not_started(pod: Object, name: str, waiting: str) -> ApiError:
    why = "trying and failing to pull image" if "Image" in waiting else f"waiting to start: {waiting}"
    return bad_request(f'container "{name}" in pod "{name_of(pod)}" is {why}')


def _no_container(pod: Object, name: str) -> ApiError:
    return bad_request(f"container {name} is not valid for pod {name_of(pod)}")
