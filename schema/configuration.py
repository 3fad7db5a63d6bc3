"""A service's configuration, as clients read it."""

import strawberry

from schema.source import Source
from schema.vocabulary import DeploymentStrategy, VolumePolicy


@strawberry.type(description="How many pods run, by the load that they have.")
class Autoscaling:
    min_replicas: int = strawberry.field(description="Never fewer pods.")
    max_replicas: int = strawberry.field(description="Never more pods.")
    target_cpu_percent: int = strawberry.field(
        description="The average load that it aims for, in percent of `cpuRequest`."
    )


@strawberry.type(description="How pods are run and replaced.")
class DeploymentSettings:
    replicas: int = strawberry.field(description="How many pods run. With `autoscaling`, how many it begins with.")
    strategy: DeploymentStrategy = strawberry.field(description="How new pods take over from old ones.")
    timeout_seconds: int = strawberry.field(
        description="How long a rollout may take before it has failed; of a CRON_JOB how long a run may take before "
        "it is ended."
    )
    autoscaling: Autoscaling | None = strawberry.field(description="Null: the number of pods is fixed.")


@strawberry.type(description="An environment variable. A secret's value can be written, never read.")
class Variable:
    name: str = strawberry.field(description="Unique in its service.")
    value: str | None = strawberry.field(description="Null where it is secret.")
    secret: bool = strawberry.field(description="Whether it is kept in the secret store, and here sealed.")


@strawberry.type(description="What each pod is given. Kubernetes quantities: 250m, 256Mi.")
class ResourceSettings:
    cpu_request: str | None = strawberry.field(description="The CPU that is kept free for it.")
    cpu_limit: str | None = strawberry.field(description="The CPU that it can't go beyond.")
    memory_request: str | None = strawberry.field(description="The memory that is kept free for it.")
    memory_limit: str | None = strawberry.field(description="The memory beyond which it is ended.")


@strawberry.type(description="A port that the service listens on.")
class Port:
    name: str = strawberry.field(description="Unique in its service. Ingress rules and checks name it.")
    number: int = strawberry.field(description="1 to 65535.")


@strawberry.type(description="A public entry.")
class IngressRule:
    host: str = strawberry.field(description="A label below the environment's domain, or a full name.")
    path: str = strawberry.field(description="The prefix of the paths that come here.")
    port: str = strawberry.field(description="The name of one of `ports`.")
    tls: bool = strawberry.field(description="Whether it is served over HTTPS. The same for all paths of a host.")


@strawberry.type(description="How the service is reached.")
class NetworkSettings:
    ports: list[Port] = strawberry.field(description="What it listens on: reached in the cluster by its name.")
    ingress: list[IngressRule] = strawberry.field(description="What is reached from outside, by a hostname.")


@strawberry.type(description="With `path` an HTTP check, with `command` a command, else a TCP check.")
class HealthCheck:
    path: str | None = strawberry.field(description="The path that must answer with a status from 200 to 399.")
    command: list[str] | None = strawberry.field(description="The command that must end with 0, run in the container.")
    port: str | None = strawberry.field(description="The name of one of `ports`; null: the first.")
    period_seconds: int = strawberry.field(description="From one check to the next.")
    timeout_seconds: int = strawberry.field(description="How long an answer may take.")
    failure_threshold: int = strawberry.field(description="How many failures in a row count.")


@strawberry.type(description="How Kubernetes tells whether a pod is well. Null: no such check.")
class HealthChecks:
    readiness: HealthCheck | None = strawberry.field(description="While it fails, the pod gets no requests.")
    liveness: HealthCheck | None = strawberry.field(description="When it fails, the container is started anew.")
    startup: HealthCheck | None = strawberry.field(description="Until it has passed once, the others wait.")


@strawberry.type(description="A disk that outlives pods.")
class Volume:
    name: str = strawberry.field(description="Unique in its service.")
    mount_path: str = strawberry.field(description="Where the container sees it.")
    size_gib: int = strawberry.field(name="sizeGiB", description="Its size. It can grow, never shrink.")
    on_delete: VolumePolicy = strawberry.field(description="What becomes of it when the service is removed.")


@strawberry.type(description="When a CRON_JOB runs.")
class Schedule:
    cron: str = strawberry.field(description="Minute, hour, day of the month, month, day of the week.")
    time_zone: str = strawberry.field(description="By its IANA name, for example Europe/Berlin.")


@strawberry.type(description="What a service runs, and how.")
class ServiceConfiguration:
    source: Source = strawberry.field(description="Where the image comes from.")
    command: list[str] = strawberry.field(description="Replaces the image's entrypoint; empty: the image's own.")
    arguments: list[str] = strawberry.field(description="Replaces the image's command; empty: the image's own.")
    deployment: DeploymentSettings = strawberry.field(description="How pods are run and replaced.")
    variables: list[Variable] = strawberry.field(description="The environment variables of its containers.")
    resources: ResourceSettings = strawberry.field(description="What each pod is given.")
    networking: NetworkSettings = strawberry.field(description="How it is reached.")
    health_checks: HealthChecks = strawberry.field(description="How Kubernetes tells whether a pod is well.")
    volumes: list[Volume] = strawberry.field(description="Disks that outlive pods.")
    schedule: Schedule | None = strawberry.field(description="When it runs. CRON_JOB only.")
