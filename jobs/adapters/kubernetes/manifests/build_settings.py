"""How builds run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BuildSettings:
    """Images, limits and credentials of builds, the same for all of a cluster."""

    #: Theirs alone: rootless BuildKit needs what the baseline and restricted Pod Security levels refuse.
    namespace: str = "phaseline-builds"
    git_image: str = "alpine/git:v2.49.1"
    buildkit_image: str = "moby/buildkit:v0.29.0-rootless"
    #: A Secret of type kubernetes.io/dockerconfigjson in the builds' namespace, for pulls and pushes. Rootless BuildKit
    #: does not hide its processes from a Dockerfile: whoever may deploy a git source can get at this.
    registry_secret: str | None = None
    #: A Secret in the builds' namespace whose key `gitconfig` is git's configuration, which may name its other keys
    #: (keys, known hosts, credentials) as files in /etc/git-settings.
    git_secret: str | None = None
    cpu_request: str = "500m"
    cpu_limit: str = "2"
    memory_request: str = "512Mi"
    memory_limit: str = "4Gi"
    #: Of the source and of BuildKit's layers, each.
    disk_limit: str = "20Gi"
    deadline_seconds: int = 30 * 60
    #: A finished build stays so long: its log can be read, and whoever waits for its digest may be late.
    keep_seconds: int = 60 * 60
