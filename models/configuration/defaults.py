"""The configuration that a service has before anybody says anything, by its kind and engine."""

from models.configuration.engines import data_path, default_variables, facts_of
from models.configuration.shape import (
    DeploymentSettings,
    EngineSource,
    NetworkSettings,
    Port,
    ServiceConfiguration,
    Source,
    Variable,
    Volume,
)
from models.vocabulary import ServiceKind

DATA_VOLUME = "data"
DEFAULT_SIZE_GIB = 10
#: How long a run of a cron job may take: it ends one that hangs, and must not cut one that works.
DEFAULT_RUN_SECONDS = 24 * 3600


def default_configuration(kind: ServiceKind, source: Source) -> ServiceConfiguration:
    """A DATASOURCE gets its engine's port, arguments and a volume for its data, a CRON_JOB long runs."""
    if kind is ServiceKind.CRON_JOB:
        return ServiceConfiguration(source=source, deployment=DeploymentSettings(timeout_seconds=DEFAULT_RUN_SECONDS))
    if kind is not ServiceKind.DATASOURCE or not isinstance(source, EngineSource):
        return ServiceConfiguration(source=source)
    facts = facts_of(source.engine)
    variables = default_variables(source.engine, source.version)
    mount_path = data_path(source.engine, source.version)
    return ServiceConfiguration(
        source=source,
        arguments=facts.arguments,
        variables=tuple(Variable(name=name, value=value) for name, value in variables.items()),
        networking=NetworkSettings(ports=(Port(name=facts.port_name, number=facts.port),)),
        volumes=(Volume(name=DATA_VOLUME, mount_path=mount_path, size_gib=DEFAULT_SIZE_GIB),),
    )


def moved_defaults(base: ServiceConfiguration, kind: ServiceKind, source: Source) -> ServiceConfiguration:
    """`base` on another source: what was the default for its own source is the default for the new one."""
    if source == base.source:
        return base
    before, after = default_configuration(kind, base.source), default_configuration(kind, source)
    fields = ("arguments", "networking", "volumes")
    moved = {field: getattr(after, field) for field in fields if getattr(base, field) == getattr(before, field)}
    kept = tuple(variable for variable in base.variables if variable not in before.variables)
    added = tuple(variable for variable in after.variables if variable.name not in {one.name for one in kept})
    return base.model_copy(update={**moved, "variables": added + kept, "source": source})
