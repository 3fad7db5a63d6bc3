"""What becomes of a container, from what its pod says: see the package's documentation for the rules."""

import re
from dataclasses import dataclass
from typing import Literal

from embedded.kubernetes.node import builds
from embedded.kubernetes.objects import Object, annotations_of, part, parts, texts

#: An annotation of the pod: `imagepull`, `crash` or `notready`.
SIMULATE = "simulate/pod"
_FAILS = re.compile(r"\bexit [1-9]")


@dataclass(frozen=True)
class Outcome:
    #: It runs on, never becomes ready, ends by itself, or can't even start because there is no such image.
    kind: Literal["runs", "unready", "ends", "no image"]
    exit_code: int = 0
    #: What it wrote to its termination log.
    message: str = ""
    log: tuple[str, ...] = ()


def outcome_of(pod: Object, container: Object) -> Outcome:
    simulated = annotations_of(pod).get(SIMULATE, "")
    if simulated == "imagepull" or "missing" in container.get("image", ""):
        return Outcome("no image")
    started = (f"starting {container['name']} ({container.get('image', '')})",)
    init = container in parts(pod, "spec", "initContainers")
    if builds.is_clone(container) or builds.is_build(container):
        run = builds.clone(container) if builds.is_clone(container) else builds.build(pod, container)
        return _ended(container, run.exit_code, run.message, run.log)
    if simulated == "crash" or _command_fails(container):
        last = f"fatal: {_command(container) or 'the program'} ended with exit code 1"
        return _ended(container, 1, "", (*started, last))
    if simulated == "notready":
        return Outcome("unready", log=(*started, "waiting to become ready"))
    if (init and container.get("restartPolicy") != "Always") or part(pod, "spec").get("restartPolicy") != "Always":
        return Outcome("ends", 0, log=(*started, f"{container['name']} is done"))
    return Outcome("runs", log=(*started, f"{container['name']} is ready"))


def _ended(container: Object, exit_code: int, message: str, log: tuple[str, ...]) -> Outcome:
    if exit_code and not message and container.get("terminationMessagePolicy") == "FallbackToLogsOnError":
        message = "".join(f"{line}\n" for line in log)
    return Outcome("ends", exit_code, message, log)


def _command_fails(container: Object) -> bool:
    command = _command(container)
    return command.split()[-1:] in (["false"], ["/bin/false"]) or bool(_FAILS.search(command))


def _command(container: Object) -> str:
    return " ".join([*texts(container, "command"), *texts(container, "args")])
