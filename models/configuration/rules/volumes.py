"""Persistent volumes: valid ones, and none that would lose data."""

import posixpath
from collections.abc import Sequence

from models.configuration.engines import data_path
from models.configuration.rules.finding import Finding, Findings, Subject, outside, repeated
from models.configuration.shape import EngineSource, ServiceConfiguration, Variable, Volume
from models.names import check_label, quote
from models.vocabulary import Engine, ServiceKind

_VOLUMES = ("volumes",)
_MAX_VOLUMES = 50
_MAX_SIZE_GIB = 65536
_MAX_PATH = 1024
#: The container runtime mounts these itself.
_RUNTIME_PATHS = ("/proc", "/sys", "/dev", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf")
_FIXED = "Its volumes stay as they are, so that it never loses sight of its data: only their size may grow."


def check_volumes(subject: Subject) -> Findings:
    volumes = subject.configuration.volumes
    if len(volumes) > _MAX_VOLUMES:
        yield Finding(_VOLUMES, f"{len(volumes)} volumes; a service has at most {_MAX_VOLUMES}.")
        return
    for index, volume in enumerate(volumes):
        yield from _check_volume((*_VOLUMES, str(index)), volume)
    yield from repeated(_VOLUMES, "The volume name", [volume.name for volume in volumes], "name")
    paths = [_plain(volume.mount_path) for volume in volumes]
    yield from repeated(_VOLUMES, "The mount path", paths, "mountPath")
    if subject.previous is not None:
        yield from _check_against(subject.previous, subject)
    if subject.kind is ServiceKind.DATASOURCE:
        yield from _check_holds_data(subject.configuration)


def _check_volume(path: tuple[str, ...], volume: Volume) -> Findings:
    if problem := check_label(volume.name):
        yield Finding((*path, "name"), problem)
    if problem := _mount_problem(volume.mount_path):
        yield Finding((*path, "mountPath"), problem)
    yield from outside((*path, "sizeGiB"), volume.size_gib, 1, _MAX_SIZE_GIB)


def _mount_problem(path: str) -> str | None:
    """Kubernetes: absolute, without ':'. Over the root or what the runtime mounts no container starts."""
    if not path.startswith("/") or len(path) > _MAX_PATH:
        return f"The mount path {quote(path)} must begin with '/' and have at most {_MAX_PATH} characters."
    if ":" in path or any(ord(character) < ord(" ") for character in path):
        return f"The mount path {quote(path)} has ':' or control characters in it. Choose another."
    if ".." in path.split("/"):
        return f"The mount path {quote(path)} has '..' in it. Write where it leads instead."
    plain = _plain(path)
    if plain == "/":
        return "A volume over the root hides the whole image. Mount it at a folder."
    if any(plain == taken or plain.startswith(f"{taken}/") for taken in _RUNTIME_PATHS):
        return f"{quote(path)} is the container runtime's. Choose another folder."
    return None


def _plain(path: str) -> str:
    """`normpath` keeps two slashes at the beginning, which POSIX leaves open; Linux takes them for one."""
    return posixpath.normpath(path).replace("//", "/")


def _check_against(previous: ServiceConfiguration, subject: Subject) -> Findings:
    """Claims can grow and never shrink; a StatefulSet's templates of them are immutable."""
    before = {volume.name: volume for volume in previous.volumes}
    fixed = subject.kind is ServiceKind.DATASOURCE
    for index, volume in enumerate(subject.configuration.volumes):
        path = (*_VOLUMES, str(index))
        old = before.pop(volume.name, None)
        if old is None:
            if fixed:
                message = f"A deployed DATASOURCE can't get a volume {quote(volume.name)}. {_FIXED}"
                yield Finding((*path, "name"), message)
            continue
        if volume.size_gib < old.size_gib:
            yield Finding(
                (*path, "sizeGiB"),
                f"The volume {quote(volume.name)} has {old.size_gib} GiB and can't shrink to {volume.size_gib}. "
                "Keep its size, or add a smaller volume under another name and move the data.",
            )
        if fixed and volume.mount_path != old.mount_path:
            yield Finding(
                (*path, "mountPath"),
                f"The volume {quote(volume.name)} is mounted at {old.mount_path}; a deployed DATASOURCE would not "
                "find its data elsewhere. Keep the path.",
            )
    if fixed and before:
        yield Finding(_VOLUMES, f"A deployed DATASOURCE can't lose its volume {quote(min(before))}. {_FIXED}")


def _check_holds_data(configuration: ServiceConfiguration) -> Findings:
    """Else the data would be gone with the pod."""
    if not isinstance(configuration.source, EngineSource):
        return
    source = configuration.source
    folder = _plain(_told_folder(source, configuration.variables) or data_path(source.engine, source.version))
    mounts = [_plain(volume.mount_path) for volume in configuration.volumes]
    if not any(folder == mount or folder.startswith(f"{mount}/") for mount in mounts):
        yield Finding(
            _VOLUMES,
            f"{source.engine} {source.version} keeps its data in {folder}, and no volume is mounted there: the data "
            "would be lost with the pod. Mount one there, or set volumes to null for the default.",
            (("source", "engine", "version"),),
        )


def _told_folder(source: EngineSource, variables: Sequence[Variable]) -> str | None:
    if source.engine is not Engine.POSTGRES:
        return None
    return next((variable.value for variable in variables if variable.name == "PGDATA"), None)
