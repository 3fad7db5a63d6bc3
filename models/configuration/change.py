"""What a caller wants changed in a configuration, and the configuration that comes of it.

Only what is said changes: an absent field stays, null puts the default back, a list replaces the list. Of `variables`
each is set by its name, and one with value null is removed. pydantic's `model_fields_set` tells what was said.
"""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.configuration.defaults import default_configuration, moved_defaults
from models.configuration.shape import (
    Autoscaling,
    EngineSource,
    GitSource,
    HealthCheck,
    ImageSource,
    IngressRule,
    Part,
    Port,
    Schedule,
    ServiceConfiguration,
    Source,
    Variable,
    Volume,
)
from models.refusals import InvalidInput, Issue
from models.vocabulary import DeploymentStrategy, ServiceKind

Seal = Callable[[str], str]


class Change(BaseModel):
    """Says something of the fields that were given, nothing of the others."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceChange(Change):
    image: ImageSource | None = None
    git: GitSource | None = None
    engine: EngineSource | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "SourceChange":
        if sum(value is not None for value in (self.image, self.git, self.engine)) != 1:
            raise ValueError("give exactly one of image, git and engine")
        return self

    @property
    def source(self) -> Source:
        source = self.image or self.git or self.engine
        assert source is not None
        return source


class SettingsChange(Change):
    """A part whose fields are changed one by one; every other part is replaced as a whole."""


class DeploymentChange(SettingsChange):
    replicas: int | None = None
    strategy: DeploymentStrategy | None = None
    timeout_seconds: int | None = None
    autoscaling: Autoscaling | None = None


class ResourcesChange(SettingsChange):
    cpu_request: str | None = None
    cpu_limit: str | None = None
    memory_request: str | None = None
    memory_limit: str | None = None


class NetworkingChange(SettingsChange):
    ports: tuple[Port, ...] | None = None
    ingress: tuple[IngressRule, ...] | None = None


class HealthChecksChange(SettingsChange):
    readiness: HealthCheck | None = None
    liveness: HealthCheck | None = None
    startup: HealthCheck | None = None


class VariableChange(Change):
    name: str
    value: str | None = Field(default=None, repr=False)
    secret: bool = False


class ConfigurationChange(Change):
    source: SourceChange | None = None
    command: tuple[str, ...] | None = None
    arguments: tuple[str, ...] | None = None
    deployment: DeploymentChange | None = None
    variables: tuple[VariableChange, ...] | None = None
    resources: ResourcesChange | None = None
    networking: NetworkingChange | None = None
    health_checks: HealthChecksChange | None = None
    volumes: tuple[Volume, ...] | None = None
    schedule: Schedule | None = None


def apply_change(
    base: ServiceConfiguration | None, change: ConfigurationChange, kind: ServiceKind, seal: Seal
) -> ServiceConfiguration:
    """`base`, or without one the defaults of the kind, with `change` over it.

    Raises InvalidInput when that leaves it without a source.
    """
    source = _source(base, change)
    defaults = default_configuration(kind, source)
    start = defaults if base is None else moved_defaults(base, kind, source)
    updates: dict[str, Any] = {"source": source}
    for field in change.model_fields_set - {"source", "variables"}:
        updates[field] = _changed(getattr(start, field), getattr(change, field), getattr(defaults, field))
    if "variables" in change.model_fields_set:
        updates["variables"] = _changed_variables(start.variables, change.variables, defaults.variables, seal)
    return start.model_copy(update=updates)


def _source(base: ServiceConfiguration | None, change: ConfigurationChange) -> Source:
    if change.source is not None:
        return change.source.source
    if base is None or "source" in change.model_fields_set:
        raise InvalidInput(
            [Issue(("source",), "A service needs a source, and there is no default: give an image, git or engine.")]
        )
    return base.source


def _changed(current: Any, said: Any, default: Any) -> Any:
    if said is None:
        return default
    if not isinstance(said, SettingsChange):
        return said
    assert isinstance(current, Part)
    fields = said.model_fields_set
    updates = {
        field: _changed(getattr(current, field), getattr(said, field), getattr(default, field)) for field in fields
    }
    return current.model_copy(update=updates)


def _changed_variables(
    current: tuple[Variable, ...],
    said: tuple[VariableChange, ...] | None,
    default: tuple[Variable, ...],
    seal: Seal,
) -> tuple[Variable, ...]:
    """Variables keep their order; new ones follow behind."""
    if said is None:
        return default
    variables = {variable.name: variable for variable in current}
    for one in said:
        if one.value is None:
            variables.pop(one.name, None)
        elif one.secret:
            variables[one.name] = Variable(name=one.name, secret=True, sealed=seal(one.value))
        else:
            variables[one.name] = Variable(name=one.name, value=one.value)
    return tuple(variables.values())
