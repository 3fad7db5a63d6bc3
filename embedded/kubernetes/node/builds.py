"""Containers that fetch a source with git, and containers that build an image of it with BuildKit."""

import hashlib
import re
from dataclasses import dataclass

import orjson

from embedded.kubernetes.objects import Object, part, parts, texts

_REPOSITORY = re.compile(r"(?:https?://|ssh://|git://|git@)[^\s'\",#]+")
_NAME = re.compile(r"name=([^,\s\"']+)")


@dataclass(frozen=True)
class Run:
    exit_code: int
    message: str
    log: tuple[str, ...]


def is_clone(container: Object) -> bool:
    words = " ".join([*texts(container, "command"), *texts(container, "args")])
    image = container.get("image", "").rpartition("/")[2].partition(":")[0].partition("@")[0]
    return not is_build(container) and (image == "git" or bool(re.search(r"\bgit (clone|fetch|init)\b", words)))


def is_build(container: Object) -> bool:
    return "buildkit" in container.get("image", "")


def clone(container: Object) -> Run:
    """One that asks for the commit (`git rev-parse`) writes it at its end."""
    repository = _repository(container)
    started = "Cloning into '.'..."
    if "missing" in repository:
        refusal = f"fatal: repository '{repository}' not found"
        return Run(128, "", (started, "remote: Repository not found.", refusal))
    commit = _hash(_text(container))[:40]
    message = commit if "git rev-parse" in _text(container) else ""
    return Run(0, message, (started, f"HEAD is now at {commit[:7]}"))


def build(pod: Object, container: Object) -> Run:
    """It writes at its end what buildctl's --metadata-file holds, or only the digest if it looks for that itself.

    The digest follows from the pod's spec.
    """
    spec = part(pod, "spec")
    told = [*parts(spec, "initContainers"), *parts(spec, "containers")]
    log = ("#1 [internal] load build definition from Dockerfile", "#1 DONE 0.0s")
    if "missing" in _repository(container):
        failure = f"error: failed to solve: failed to load cache key: repository '{_repository(container)}' not found"
        return Run(1, "", (*log, failure))
    if any("failing" in _text(one) for one in told):
        made = ("#2 [1/2] RUN make", "#2 0.412 make: *** [Makefile:2: all] Error 2")
        failure = 'error: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2'
        return Run(1, "", (*log, *made, failure))
    digest = f"sha256:{_hash(orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode())}"
    name = _NAME.search(_text(container))
    metadata = {"containerimage.digest": digest, **({"image.name": name[1]} if name else {})}
    message = digest if "containerimage.digest" in _text(container) else orjson.dumps(metadata).decode()
    pushed = ("#2 [1/1] COPY . .", "#2 DONE 0.1s", "#3 exporting to image", f"#3 pushing manifest {digest} done")
    return Run(0, message, (*log, *pushed))


def _repository(container: Object) -> str:
    found = _REPOSITORY.search(_text(container))
    return found[0] if found else ""


def _text(container: Object) -> str:
    variables = [str(variable.get("value", "")) for variable in parts(container, "env")]
    return " ".join([*texts(container, "command"), *texts(container, "args"), *variables])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
