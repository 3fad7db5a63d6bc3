"""The environment and the service that an operation is about, as the outside knows them."""

from dataclasses import dataclass

from models.vocabulary import ServiceKind


@dataclass(frozen=True)
class EnvironmentRef:
    """An environment, as the outside knows it. `id` tells ours from everybody else's; names never do."""

    id: str
    name: str
    project: str
    namespace: str
    domain: str | None
    #: The uid of the namespace if we created it, else None.
    namespace_uid: str | None = None
    #: The installation that it belongs to. Several may share a cluster and an account.
    installation: str | None = None


@dataclass(frozen=True)
class ServiceRef:
    environment: EnvironmentRef
    id: str
    name: str
    kind: ServiceKind
