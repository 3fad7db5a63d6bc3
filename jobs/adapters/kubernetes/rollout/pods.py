"""What keeps a pod from getting ready."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from jobs.adapters.kubernetes.json import JsonObject, condition, metadata, name_of, part, parts, uid_of

#: A fault that may pass by itself counts when the pod is this old: the kubelet has tried again by then.
SETTLED_SECONDS = 30.0
#: So many restarts make a crash loop: the third crash is no accident.
_RESTARTS = 2
IMAGE_BACK_OFF = "ImagePullBackOff"
#: They never pass: https://pkg.go.dev/k8s.io/kubernetes/pkg/kubelet/images
_AT_ONCE = frozenset({"InvalidImageName", "ErrImageNeverPull"})
#: The first failed pull: the kubelet tries again and then says ImagePullBackOff.
_BLIPS = frozenset({"ErrImagePull", "ContainerCreating", "PodInitializing"})
#: How registries say that trying again is of no use.
_NO_SUCH_IMAGE = re.compile(
    r"not found|manifest unknown|name unknown|does not exist|unauthorized|denied|no basic auth", re.IGNORECASE
)
#: How a quota, a policy or a webhook refuses a pod; a webhook that can't be reached says something else.
_REFUSED = re.compile(r"forbidden|denied the request|is invalid")


@dataclass(frozen=True)
class Trouble:
    """A pod that does not get ready. `final`: it will not by itself."""

    pod: str
    pod_uid: str
    reason: str
    message: str
    container: str | None = None
    #: Whether the log to read is that of the run before.
    crashed: bool = False
    final: bool = False

    def __str__(self) -> str:
        where = f"pod {self.pod}" + (f", container {self.container}" if self.container else "")
        return f"{where}: {self.reason}" + (f": {self.message.rstrip('.')}" if self.message else "")


def stays_refused(message: str) -> bool:
    """Whether the cluster refuses to make a pod for a reason that will not pass."""
    return _REFUSED.search(message) is not None


def is_no_such_image(message: str) -> bool:
    """Whether a registry says that it does not have the image, or does not give it to us."""
    return _NO_SUCH_IMAGE.search(message) is not None


def is_ready(pod: JsonObject) -> bool:
    going = "deletionTimestamp" in metadata(pod)
    return not going and condition(pod, "Ready").get("status") == "True"


def worst(pods: Iterable[JsonObject]) -> Trouble | None:
    """The trouble to tell of: a final one if there is one."""
    troubles = [trouble for pod in pods if not is_ready(pod) for trouble in _troubles(pod)]
    return max(troubles, key=lambda trouble: trouble.final, default=None)


def _troubles(pod: JsonObject) -> list[Trouble]:
    found = [
        trouble
        for status in [*parts(pod, "status", "initContainerStatuses"), *parts(pod, "status", "containerStatuses")]
        if (trouble := _container_trouble(pod, status)) is not None
    ]
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        reason, message = scheduled.get("reason", "Unschedulable"), scheduled.get("message", "")
        found.append(Trouble(name_of(pod), uid_of(pod), reason, message))
    return found


def _container_trouble(pod: JsonObject, status: JsonObject) -> Trouble | None:
    waiting = part(status, "state", "waiting")
    ended = part(status, "state", "terminated") or part(status, "lastState", "terminated")
    restarts = int(status.get("restartCount", 0))
    reason = waiting.get("reason", "")
    failed = ended.get("exitCode", 0) != 0
    if (not reason or reason in _BLIPS - {"ErrImagePull"}) and not failed:
        return None
    said: list[str] = [waiting.get("message", "")]
    if failed:
        said.append(f"it ended with {ended.get('reason', 'Error')}, exit code {ended['exitCode']}")
    if restarts:
        said.append(f"{restarts} restarts")
    message = "; ".join(text for text in said if text)
    return Trouble(
        pod=name_of(pod),
        pod_uid=uid_of(pod),
        reason=reason or ended.get("reason", "Error"),
        message=message,
        container=status.get("name"),
        crashed=restarts > 0 and not part(status, "state", "terminated"),
        final=_is_final(pod, reason, message, restarts),
    )


def _is_final(pod: JsonObject, reason: str, message: str, restarts: int) -> bool:
    if reason in _AT_ONCE or (reason == IMAGE_BACK_OFF and is_no_such_image(message)):
        return True
    if reason == "CrashLoopBackOff" and restarts >= _RESTARTS:
        return True
    return bool(reason) and reason not in _BLIPS and _age(pod) > SETTLED_SECONDS


def _age(pod: JsonObject) -> float:
    made = metadata(pod).get("creationTimestamp")
    return (datetime.now(UTC) - datetime.fromisoformat(made)).total_seconds() if made else 0.0
