"""The status of a pod, step by step."""

import hashlib
from dataclasses import dataclass

from embedded.kubernetes.conditions import stated
from embedded.kubernetes.node import references
from embedded.kubernetes.node.containers import exit_code, first_status, has_started, next_status
from embedded.kubernetes.node.outcomes import Outcome, outcome_of
from embedded.kubernetes.objects import Object, part, parts, timestamp, uid_of
from embedded.kubernetes.store import Store
from embedded.kubernetes.timing import Timing


@dataclass(frozen=True)
class Step:
    status: Object
    #: Seconds until the next step; None if nothing more happens by itself.
    seconds: float | None


def scheduled_status(pod: Object) -> Object:
    """Of a pod that has just got its node."""
    inits = parts(pod, "spec", "initContainers")
    status: Object = {
        "phase": "Pending",
        "startTime": timestamp(),
        "hostIP": "192.168.0.1",
        "qosClass": _quality(pod),
        "containerStatuses": [first_status(one, after_init=bool(inits)) for one in parts(pod, "spec", "containers")],
    }
    if inits:
        status["initContainerStatuses"] = [first_status(one, after_init=n > 0) for n, one in enumerate(inits)]
    return {**status, "conditions": _conditions(pod, status)}


def next_step(pod: Object, store: Store, timing: Timing) -> Step:
    """One step on: the next init container, or, when they are done, all containers side by side."""
    policy = part(pod, "spec").get("restartPolicy", "Always")
    inits, seconds = _init_statuses(pod, policy, timing)
    containers = parts(pod, "status", "containerStatuses")
    if seconds is None and _are_done(pod, inits):
        containers, seconds = _container_statuses(pod, policy, store, timing)
    status = {**part(pod, "status"), "containerStatuses": containers}
    if inits:
        status["initContainerStatuses"] = inits
    status["phase"] = _phase(inits, containers, policy)
    if any(has_started(one) for one in (*inits, *containers)):
        status["podIP"] = _address(pod)
        status["podIPs"] = [{"ip": status["podIP"]}]
    return Step({**status, "conditions": _conditions(pod, status)}, seconds)


def _init_statuses(pod: Object, policy: str, timing: Timing) -> tuple[list[Object], float | None]:
    """Changes the first that is not done. They are tried again as the pod's policy says, Always as OnFailure."""
    statuses = list(parts(pod, "status", "initContainerStatuses"))
    for place, container in enumerate(parts(pod, "spec", "initContainers")):
        if _is_done(container, statuses[place]):
            continue
        policy = "Never" if policy == "Never" else "OnFailure"
        statuses[place], seconds = next_status(statuses[place], outcome_of(pod, container), policy, pod, timing)
        if _is_done(container, statuses[place]):
            # the next one, or the containers, start without a pause
            return statuses, 0.0
        return statuses, seconds
    return statuses, None


def _container_statuses(pod: Object, policy: str, store: Store, timing: Timing) -> tuple[list[Object], float | None]:
    statuses: list[Object] = []
    pauses: list[float] = []
    old = parts(pod, "status", "containerStatuses")
    for container, status in zip(parts(pod, "spec", "containers"), old, strict=True):
        lacking = references.lacking(store, pod, container)
        if lacking and not has_started(status):
            waiting = {"reason": "CreateContainerConfigError", "message": lacking}
            statuses.append({**status, "state": {"waiting": waiting}})
            continue
        following, seconds = next_status(status, outcome_of(pod, container), policy, pod, timing)
        statuses.append(following)
        if seconds is not None:
            pauses.append(seconds)
    return statuses, min(pauses, default=None)


def _is_done(container: Object, status: Object) -> bool:
    """A sidecar is done, for those after it, as soon as it runs."""
    return exit_code(status) == 0 or (container.get("restartPolicy") == "Always" and "running" in status["state"])


def _are_done(pod: Object, statuses: list[Object]) -> bool:
    return all(map(_is_done, parts(pod, "spec", "initContainers"), statuses))


def _phase(inits: list[Object], containers: list[Object], policy: str) -> str:
    if policy == "Never" and any(exit_code(one) for one in inits):
        return "Failed"
    codes = [exit_code(one) for one in containers]
    if all(code is not None for code in codes):
        return "Failed" if any(codes) else "Succeeded"
    return "Running" if all(has_started(one) for one in containers) else "Pending"


def _conditions(pod: Object, status: Object) -> list[Object]:
    inits, containers = parts(status, "initContainerStatuses"), parts(status, "containerStatuses")
    waiting = [one["name"] for one in inits if exit_code(one) != 0 and "running" not in one["state"]]
    unready = [one["name"] for one in containers if not one["ready"]]
    text = f"containers with unready status: [{' '.join(unready)}]"
    incomplete = f"containers with incomplete status: [{' '.join(waiting)}]"
    completed = status["phase"] == "Succeeded"
    why = "PodCompleted" if completed else "ContainersNotReady"
    return [
        stated(pod, "PodScheduled", "True", "", ""),
        stated(pod, "Initialized", "False", "ContainersNotInitialized", incomplete)
        if waiting
        else stated(pod, "Initialized", "True", "PodCompleted" if completed else "", ""),
        *(
            stated(pod, kind, "False", why, "" if completed else text) if unready else stated(pod, kind, "True", "", "")
            for kind in ("ContainersReady", "Ready")
        ),
    ]


def _address(pod: Object) -> str:
    digest = hashlib.sha256(uid_of(pod).encode()).digest()
    return f"10.244.{digest[0]}.{1 + digest[1] % 254}"


def _quality(pod: Object) -> str:
    resources = [part(one, "resources") for one in parts(pod, "spec", "containers")]
    if not any(part(one, "requests") or part(one, "limits") for one in resources):
        return "BestEffort"
    exact = all(
        part(one, "limits").keys() >= {"cpu", "memory"} and one["limits"] == one["requests"] for one in resources
    )
    return "Guaranteed" if exact else "Burstable"


def outcome_named(pod: Object, name: str) -> Outcome:
    """Of one of its containers, by name. Raises StopIteration if it has none of that name."""
    everything = (*parts(pod, "spec", "initContainers"), *parts(pod, "spec", "containers"))
    return outcome_of(pod, next(one for one in everything if one["name"] == name))
