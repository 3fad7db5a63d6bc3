"""The pod of a build: git in an init container, then BuildKit without a daemon and without root."""

import posixpath

from jobs.adapters.kubernetes.json import JsonObject, without_nothing
from jobs.adapters.kubernetes.manifests.build_scripts import BUILD, FETCH
from jobs.adapters.kubernetes.manifests.build_settings import BuildSettings
from models.configuration import GitSource

#: The init container; its termination message is the commit.
FETCH_CONTAINER = "fetch-source"
#: Its termination message is the digest of the pushed image.
BUILD_CONTAINER = "build-image"

_RESULT = "/dev/termination-log"
_WORKSPACE = "/workspace"
_SOURCE = f"{_WORKSPACE}/source"
_REGISTRY_SETTINGS = "/etc/registry-settings"
_GIT_SETTINGS = "/etc/git-settings"
#: The user of the rootless image; its state must not be on the container's own overlay file system.
_BUILDKIT_USER = 1000
_BUILDKIT_STATE = "/home/user/.local/share/buildkit"


def build_pod(source: GitSource, settings: BuildSettings) -> JsonObject:
    disk = {"emptyDir": {"sizeLimit": settings.disk_limit}}
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "initContainers": [_fetching(source, settings)],
        "containers": [_building(source, settings)],
        "volumes": [
            {"name": "workspace", **disk},
            {"name": "buildkit", **disk},
            *_secret_volumes(settings),
        ],
    }


def _fetching(source: GitSource, settings: BuildSettings) -> JsonObject:
    """As root without a root's rights: ssh refuses users without a name."""
    variables = {
        "SOURCE": _SOURCE,
        "RESULT": _RESULT,
        "REPOSITORY": source.repository,
        "REF": source.ref,
        "CONTEXT": source.context,
        "DOCKERFILE": source.dockerfile,
        "GIT_TERMINAL_PROMPT": "0",
    }
    mounts: list[JsonObject] = [{"name": "workspace", "mountPath": _WORKSPACE}]
    if settings.git_secret is not None:
        variables["GIT_CONFIG_GLOBAL"] = f"{_GIT_SETTINGS}/gitconfig"
        mounts.append({"name": "git-settings", "mountPath": _GIT_SETTINGS, "readOnly": True})
    return {
        **_script(FETCH_CONTAINER, settings.git_image, FETCH, [], variables, settings),
        "volumeMounts": mounts,
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }


def _building(source: GitSource, settings: BuildSettings) -> JsonObject:
    """Unconfined, and free to use the setuid helpers that map its users: what rootless BuildKit needs."""
    folder, file = posixpath.split(_inside(source.dockerfile))
    arguments = [
        "--progress=plain",
        "--frontend=dockerfile.v0",
        f"--local=context={_inside(source.context)}",
        f"--local=dockerfile={folder}",
        f"--opt=filename={file}",
        *([f"--opt=target={source.target}"] if source.target is not None else []),
        *(f"--opt=build-arg:{argument.name}={argument.value}" for argument in source.build_arguments),
        f"--output=type=image,name={source.image},push=true",
    ]
    variables = {
        "RESULT": _RESULT,
        "METADATA": "/home/user/metadata.json",
        "BUILDKITD_FLAGS": "--oci-worker-no-process-sandbox",
    }
    mounts: list[JsonObject] = [
        {"name": "workspace", "mountPath": _WORKSPACE, "readOnly": True},
        {"name": "buildkit", "mountPath": _BUILDKIT_STATE},
    ]
    if settings.registry_secret is not None:
        variables["DOCKER_CONFIG"] = _REGISTRY_SETTINGS
        mounts.append({"name": "registry-settings", "mountPath": _REGISTRY_SETTINGS, "readOnly": True})
    return {
        **_script(BUILD_CONTAINER, settings.buildkit_image, BUILD, arguments, variables, settings),
        "volumeMounts": mounts,
        "securityContext": {
            "runAsUser": _BUILDKIT_USER,
            "runAsGroup": _BUILDKIT_USER,
            "seccompProfile": {"type": "Unconfined"},
            "appArmorProfile": {"type": "Unconfined"},
        },
    }


def _script(
    name: str, image: str, script: str, arguments: list[str], variables: dict[str, str], settings: BuildSettings
) -> JsonObject:
    """A container that runs `script`, and stops at its first failing line."""
    return without_nothing(
        name=name,
        image=image,
        command=["sh", "-euc", script, name],
        args=[_literal(argument) for argument in arguments],
        env=[{"name": key, "value": _literal(value)} for key, value in variables.items()],
        resources={
            "requests": {"cpu": settings.cpu_request, "memory": settings.memory_request},
            "limits": {"cpu": settings.cpu_limit, "memory": settings.memory_limit},
        },
        terminationMessagePath=_RESULT,
        terminationMessagePolicy="FallbackToLogsOnError",
    )


def _secret_volumes(settings: BuildSettings) -> list[JsonObject]:
    """ssh refuses a key that others may read; BuildKit is such another."""
    volumes: list[JsonObject] = []
    if settings.git_secret is not None:
        secret = {"secretName": settings.git_secret, "defaultMode": 0o400}
        volumes.append({"name": "git-settings", "secret": secret})
    if settings.registry_secret is not None:
        items = [{"key": ".dockerconfigjson", "path": "config.json"}]
        secret = {"secretName": settings.registry_secret, "defaultMode": 0o444, "items": items}
        volumes.append({"name": "registry-settings", "secret": secret})
    return volumes


def _inside(path: str) -> str:
    return posixpath.normpath(posixpath.join(_SOURCE, path))


def _literal(value: str) -> str:
    """As Kubernetes takes it literally: it reads `$(NAME)` as a reference, and `$$` as a dollar."""
    return value.replace("$", "$$")
