"""The pod that a service runs, with defaults that are safe and that ordinary images don't notice."""

from jobs.adapters.kubernetes.json import JsonObject, without_nothing
from jobs.adapters.kubernetes.labels import VARIABLES, service_labels
from jobs.adapters.kubernetes.manifests.probes import probes
from jobs.adapters.kubernetes.manifests.variables import environment_sources, variables_hash
from jobs.adapters.kubernetes.manifests.volumes import mounts, pod_volumes
from jobs.ports import Desired, ServiceRef
from models.configuration import ResourceSettings
from models.vocabulary import ServiceKind

#: Any number serves: with it, images that run as some other user than root can write to a new volume.
_VOLUME_GROUP = 1000


def pod_template(service: ServiceRef, desired: Desired, *, restart: str) -> JsonObject:
    """Changes only with what the pods run: whatever else changes, they are not rolled."""
    return {
        "metadata": {
            "labels": service_labels(service),
            "annotations": {VARIABLES: variables_hash(desired.configuration)},
        },
        "spec": without_nothing(
            restartPolicy=restart,
            automountServiceAccountToken=False,
            # else a service called redis puts REDIS_PORT=tcp://… into the environment of its neighbours
            enableServiceLinks=False,
            securityContext=_security(service, desired),
            containers=[_container(service, desired)],
            volumes=pod_volumes(service, desired),
        ),
    }


def _security(service: ServiceRef, desired: Desired) -> JsonObject:
    """The engines' images begin as root and give the volume to their own user themselves."""
    security: JsonObject = {"seccompProfile": {"type": "RuntimeDefault"}}
    if desired.configuration.volumes and service.kind is not ServiceKind.DATASOURCE:
        security |= {"fsGroup": _VOLUME_GROUP, "fsGroupChangePolicy": "OnRootMismatch"}
    return security


def _container(service: ServiceRef, desired: Desired) -> JsonObject:
    configuration = desired.configuration
    return without_nothing(
        name=service.name,
        image=desired.image,
        command=list(configuration.command),
        args=list(configuration.arguments),
        envFrom=environment_sources(service, desired),
        ports=[
            {"name": port.name, "containerPort": port.number, "protocol": "TCP"}
            for port in configuration.networking.ports
        ],
        resources=_resources(configuration.resources),
        **probes(configuration),
        volumeMounts=mounts(desired),
        securityContext={"allowPrivilegeEscalation": False},
        # a container that fails without a word of its own is explained by the end of its log
        terminationMessagePolicy="FallbackToLogsOnError",
    )


def _resources(resources: ResourceSettings) -> JsonObject:
    return without_nothing(
        requests=without_nothing(cpu=resources.cpu_request, memory=resources.memory_request),
        limits=without_nothing(cpu=resources.cpu_limit, memory=resources.memory_limit),
    )
