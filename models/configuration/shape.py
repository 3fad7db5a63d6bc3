"""The stored shape of a service's configuration. Field names are the contract's, in snake case."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.vocabulary import DeploymentStrategy, Engine, VolumePolicy


class Part(BaseModel):
    """One part of a configuration: immutable, so that a revision can be shared and compared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ImageSource(Part):
    type: Literal["image"] = "image"
    image: str


class BuildArgument(Part):
    name: str
    value: str


class GitSource(Part):
    type: Literal["git"] = "git"
    repository: str
    ref: str
    dockerfile: str = "Dockerfile"
    context: str = "."
    #: The stage of the Dockerfile to build; None: its last one.
    target: str | None = None
    build_arguments: tuple[BuildArgument, ...] = ()
    image: str


class EngineSource(Part):
    type: Literal["engine"] = "engine"
    engine: Engine
    version: str


Source = Annotated[ImageSource | GitSource | EngineSource, Field(discriminator="type")]


class Autoscaling(Part):
    min_replicas: int
    max_replicas: int
    target_cpu_percent: int = 80


class DeploymentSettings(Part):
    replicas: int = 1
    strategy: DeploymentStrategy = DeploymentStrategy.ROLLING
    timeout_seconds: int = 600
    autoscaling: Autoscaling | None = None


class Variable(Part):
    """A plain variable has a `value`; a secret one has it `sealed` (encrypted) instead, never in clear."""

    name: str
    value: str | None = None
    secret: bool = False
    sealed: str | None = None


class ResourceSettings(Part):
    cpu_request: str | None = None
    cpu_limit: str | None = None
    memory_request: str | None = None
    memory_limit: str | None = None


class Port(Part):
    name: str
    number: int


class IngressRule(Part):
    host: str
    path: str = "/"
    port: str
    tls: bool = True


class NetworkSettings(Part):
    ports: tuple[Port, ...] = ()
    ingress: tuple[IngressRule, ...] = ()


class HealthCheck(Part):
    path: str | None = None
    command: tuple[str, ...] | None = None
    port: str | None = None
    period_seconds: int = 10
    timeout_seconds: int = 1
    failure_threshold: int = 3


class HealthChecks(Part):
    readiness: HealthCheck | None = None
    liveness: HealthCheck | None = None
    startup: HealthCheck | None = None


class Volume(Part):
    name: str
    mount_path: str
    size_gib: int
    on_delete: VolumePolicy = VolumePolicy.DELETE


class Schedule(Part):
    cron: str
    time_zone: str = "Etc/UTC"


class ServiceConfiguration(Part):
    source: Source
    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    deployment: DeploymentSettings = DeploymentSettings()
    variables: tuple[Variable, ...] = ()
    resources: ResourceSettings = ResourceSettings()
    networking: NetworkSettings = NetworkSettings()
    health_checks: HealthChecks = HealthChecks()
    volumes: tuple[Volume, ...] = ()
    schedule: Schedule | None = None
