"""Containers that fetch a source with git, and containers that build an image of it with BuildKit."""

import hashlib
import re
from dataclasses import dataclass

import orjson

from embedded.kubernetes.objects import Object, part, parts

_REPOSITORY = re.compile(r"(?:https?://|ssh://|git://|git@)[^\s'\",#]+")
_NAME = re.compile(r"name=([^,\s\"']+)")


@dataclass(frozen=True)
class Run:
    exit_code: int
    message: str
    log: tuple[str, ...]


def is_clone(container: Object) -> bool:
    words = " ".join([*(container.get("command") or []), *(container.get("args") or [])])
    image = container.get("image", "").rpartition("/")[2].partition(":")[0].partition("@")[0]
    return not is_build(container) and (image == "git" or bool(re.search(r"\bgit (clone|fetch|init)\b", words)))


def is_build(container: Object) -> bool:
    return "buildkit" in container.get("image", "")


def clone(container: Object) -> Run:
    repository = _repository(container)
    started = "Cloning into '.'..."
    if "missing" in repository:
        refusal = f"fatal: repository '{repository}' not found"
        return Run(128, "", (started, "remote: Repository not found.", refusal))
    return Run(0, "", (started, "HEAD is now at 4b825dc Initial commit"))


def build(pod: Object, container: Object) -> Run:
    """What it writes at its end is what buildctl's --metadata-file holds; the digest follows from the pod's spec."""
    text = _text(container)
    log = ["#1 [internal] load build definition from Dockerfile", "#1 DONE 0.0s"]
    if "missing" in _repository(container):
        failure = f"error: failed to solve: failed to load cache key: repository '{_repository(container)}' not found"
        return Run(1, "", (*log, failure))
    if "failing" in text:
        log += ["#2 [1/2] RUN make", "#2 0.412 make: *** [Makefile:2: all] Error 2"]
        return Run(1, "", (*log, 'error: failed to solve: process "/bin/sh -c make" did not complete: exit code: 2'))
    spec = part(pod, "spec")
    told = [*parts(spec, "initContainers"), *parts(spec, "containers")]
    digest = "sha256:" + hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()
    name = _NAME.search(text)
    message = {"containerimage.digest": digest, **({"image.name": name[1]} if name else {})}
    log += ["#2 [1/1] COPY . .", "#2 DONE 0.1s", "#3 exporting to image", f"#3 pushing manifest {digest} done"]
    return Run(0, orjson.dumps(message).decode(), tuple(log))


def _repository(container: Object) -> str:
    found = _REPOSITORY.search(_text(container))
    return found[0] if found else ""


def _text(container: Object) -> str:
    variables = [str(variable.get("value", "")) for variable in parts(container, "env")]
    return " ".join([*(container.get("command") or []), *(container.get("args") or []), *variables])
