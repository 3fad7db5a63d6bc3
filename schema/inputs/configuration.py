"""What is to change in a service's configuration.

An absent field is UNSET, which is not null: one says nothing, the other puts the default back.
"""

import strawberry

from schema.inputs.source import SourceInput
from schema.vocabulary import DeploymentStrategy, VolumePolicy

UNSET = strawberry.UNSET


@strawberry.input(description="How many pods run, by the load that they have.")
class AutoscalingInput:
    min_replicas: int = strawberry.field(description="Never fewer pods.")
    max_replicas: int = strawberry.field(description="Never more pods.")
    target_cpu_percent: int = strawberry.field(
        default=80, description="The average load to aim for, in percent of `cpuRequest`."
    )


@strawberry.input(description="How pods are run and replaced. Only what is said changes.")
class DeploymentSettingsInput:
    replicas: int | None = strawberry.field(default=UNSET, description="How many pods run. Null: 1.")
    strategy: DeploymentStrategy | None = strawberry.field(
        default=UNSET, description="How new pods take over from old ones. Null: ROLLING."
    )
    timeout_seconds: int | None = strawberry.field(
        default=UNSET,
        description="How long a rollout may take before it has failed; of a CRON_JOB how long a run may take before "
        "it is ended. Null: 600, of a CRON_JOB 86400.",
    )
    autoscaling: AutoscalingInput | None = strawberry.field(
        default=UNSET, description="Null: the number of pods is fixed."
    )


@strawberry.input(description="An environment variable, set by its name.")
class VariableInput:
    name: str = strawberry.field(description="Letters, digits, `_`, `-` and `.`, with no digit first.")
    value: str | None = strawberry.field(default=UNSET, description="Null removes the variable.")
    secret: bool = strawberry.field(
        default=False, description="Keeps the value in the secret store. It can be written again, never read."
    )


@strawberry.input(
    description="What each pod is given. Kubernetes quantities: 250m, 256Mi. Only what is said changes; null: none."
)
class ResourceSettingsInput:
    cpu_request: str | None = strawberry.field(default=UNSET, description="The CPU that is kept free for it.")
    cpu_limit: str | None = strawberry.field(default=UNSET, description="The CPU that it can't go beyond.")
    memory_request: str | None = strawberry.field(default=UNSET, description="The memory that is kept free for it.")
    memory_limit: str | None = strawberry.field(default=UNSET, description="The memory beyond which it is ended.")


@strawberry.input(description="A port that the service listens on.")
class PortInput:
    name: str = strawberry.field(description="Unique in its service: up to 15 lower-case letters, digits and `-`.")
    number: int = strawberry.field(description="1 to 65535.")


@strawberry.input(description="A public entry.")
class IngressRuleInput:
    host: str = strawberry.field(description="A label below the environment's domain, or a full name.")
    path: str = strawberry.field(default="/", description="The prefix of the paths that come here.")
    port: str = strawberry.field(description="The name of one of `ports`.")
    tls: bool = strawberry.field(
        default=True, description="Whether it is served over HTTPS. The same for all paths of a host."
    )


@strawberry.input(description="How the service is reached. Only what is said changes; a list replaces the list.")
class NetworkSettingsInput:
    ports: list[PortInput] | None = strawberry.field(default=UNSET, description="What it listens on.")
    ingress: list[IngressRuleInput] | None = strawberry.field(
        default=UNSET, description="What is reached from outside, by a hostname."
    )


@strawberry.input(description="With `path` an HTTP check, with `command` a command, else a TCP check.")
class HealthCheckInput:
    path: str | None = strawberry.field(
        default=UNSET, description="The path that must answer with a status from 200 to 399."
    )
    command: list[str] | None = strawberry.field(
        default=UNSET, description="The command that must end with 0, run in the container."
    )
    port: str | None = strawberry.field(default=UNSET, description="The name of one of `ports`; null: the first.")
    period_seconds: int = strawberry.field(default=10, description="From one check to the next.")
    timeout_seconds: int = strawberry.field(default=1, description="How long an answer may take.")
    failure_threshold: int = strawberry.field(default=3, description="How many failures in a row count.")


@strawberry.input(
    description="How Kubernetes tells whether a pod is well. Only what is said changes; null: no such check."
)
class HealthChecksInput:
    readiness: HealthCheckInput | None = strawberry.field(
        default=UNSET, description="While it fails, the pod gets no requests."
    )
    liveness: HealthCheckInput | None = strawberry.field(
        default=UNSET, description="When it fails, the container is started anew."
    )
    startup: HealthCheckInput | None = strawberry.field(
        default=UNSET, description="Until it has passed once, the others wait."
    )


@strawberry.input(description="A disk that outlives pods.")
class VolumeInput:
    name: str = strawberry.field(description="Unique in its service.")
    mount_path: str = strawberry.field(description="Where the container sees it: an absolute path.")
    size_gib: int = strawberry.field(name="sizeGiB", description="Its size. It can grow, never shrink.")
    on_delete: VolumePolicy = strawberry.field(
        default=VolumePolicy.DELETE, description="What becomes of it when the service is removed."
    )


@strawberry.input(description="When a CRON_JOB runs.")
class ScheduleInput:
    cron: str = strawberry.field(description="Minute, hour, day of the month, month, day of the week.")
    time_zone: str = strawberry.field(default="Etc/UTC", description="By its IANA name, for example Europe/Berlin.")


@strawberry.input(
    description="Only what is said changes: an absent field stays, null puts the default back, a list replaces the "
    "list. Of `variables` each is set by its name, and one with value null is removed."
)
class ServiceConfigurationInput:
    source: SourceInput | None = strawberry.field(
        default=UNSET, description="Where the image comes from. Needed once; there is no default."
    )
    command: list[str] | None = strawberry.field(
        default=UNSET, description="Replaces the image's entrypoint. Null: the image's own."
    )
    arguments: list[str] | None = strawberry.field(
        default=UNSET, description="Replaces the image's command. Null: the image's own, of a DATASOURCE its engine's."
    )
    deployment: DeploymentSettingsInput | None = strawberry.field(
        default=UNSET, description="How pods are run and replaced."
    )
    variables: list[VariableInput] | None = strawberry.field(
        default=UNSET, description="Variables to set or to remove, each by its name. Null: back to the default ones."
    )
    resources: ResourceSettingsInput | None = strawberry.field(default=UNSET, description="What each pod is given.")
    networking: NetworkSettingsInput | None = strawberry.field(default=UNSET, description="How it is reached.")
    health_checks: HealthChecksInput | None = strawberry.field(
        default=UNSET, description="How Kubernetes tells whether a pod is well."
    )
    volumes: list[VolumeInput] | None = strawberry.field(default=UNSET, description="Disks that outlive pods.")
    schedule: ScheduleInput | None = strawberry.field(
        default=UNSET, description="When it runs. CRON_JOB only, which can't do without."
    )
