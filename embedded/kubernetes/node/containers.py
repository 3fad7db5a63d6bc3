"""The states of a container: waiting, running, terminated, and round again."""

from embedded.kubernetes.node.outcomes import Outcome
from embedded.kubernetes.objects import Object, part, timestamp, uid_of
from embedded.kubernetes.timing import Timing

CRASH_LOOP, NO_IMAGE, PULL_BACK_OFF = "CrashLoopBackOff", "ErrImagePull", "ImagePullBackOff"


def first_status(container: Object, *, after_init: bool) -> Object:
    """Before anything happened."""
    reason = "PodInitializing" if after_init else "ContainerCreating"
    return {
        "name": container["name"],
        "image": container.get("image", ""),
        "imageID": "",
        "ready": False,
        "started": False,
        "restartCount": 0,
        "state": {"waiting": {"reason": reason}},
        "lastState": {},
    }


def next_status(
    status: Object, outcome: Outcome, policy: str, pod: Object, timing: Timing
) -> tuple[Object, float | None]:
    """The status one step on, and the seconds until the step after; None if nothing more happens by itself."""
    state = status["state"]
    if "terminated" in state:
        return status, None
    if "running" in state:
        return _from_running(status, outcome, policy, timing)
    if outcome.kind == "no image":
        return _without_image(status, state["waiting"]["reason"])
    running = {**status, "state": {"running": {"startedAt": timestamp()}}, "started": True, "image": status["image"]}
    running |= {"containerID": f"containerd://{uid_of(pod)}-{status['name']}-{status['restartCount']}"}
    return running, timing.container_run if outcome.kind == "ends" else timing.pod_ready


def has_started(status: Object) -> bool:
    return "waiting" not in status["state"] or bool(status["lastState"])


def waits_for(status: Object) -> str:
    """The reason of its waiting; empty if it doesn't wait."""
    return part(status, "state", "waiting").get("reason", "")


def exit_code(status: Object) -> int | None:
    return part(status, "state", "terminated").get("exitCode")


def _from_running(status: Object, outcome: Outcome, policy: str, timing: Timing) -> tuple[Object, float | None]:
    if outcome.kind != "ends":
        return {**status, "ready": outcome.kind == "runs"}, None
    ended = {
        "exitCode": outcome.exit_code,
        "reason": "Error" if outcome.exit_code else "Completed",
        **({"message": outcome.message} if outcome.message else {}),
        "startedAt": status["state"]["running"]["startedAt"],
        "finishedAt": timestamp(),
        "containerID": status.get("containerID", ""),
    }
    still = {**status, "ready": False, "started": False}
    if policy == "Never" or (policy == "OnFailure" and not outcome.exit_code):
        return {**still, "state": {"terminated": ended}}, None
    count = status["restartCount"] + 1
    pause = min(timing.restart * 2 ** (count - 1), timing.longest_restart)
    message = f"back-off {pause:.1f}s restarting failed container={status['name']}"
    waiting = {"waiting": {"reason": CRASH_LOOP, "message": message}}
    return {**still, "state": waiting, "lastState": {"terminated": ended}, "restartCount": count}, pause


def _without_image(status: Object, reason: str) -> tuple[Object, float | None]:
    image = status["image"]
    if reason == PULL_BACK_OFF:
        return status, None
    if reason == NO_IMAGE:
        waiting = {"reason": PULL_BACK_OFF, "message": f'Back-off pulling image "{image}"'}
        return {**status, "state": {"waiting": waiting}}, None
    message = f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": {image}: not found'
    return {**status, "state": {"waiting": {"reason": NO_IMAGE, "message": message}}}, 0.1
