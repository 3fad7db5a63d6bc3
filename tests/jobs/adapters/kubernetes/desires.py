"""Services, and what the cluster should run for them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.manifests import objects_of
from jobs.ports import Desired, EnvironmentRef, ServiceRef
from models.configuration import ImageSource, ServiceConfiguration
from models.vocabulary import ServiceKind
from tests.strategies import DOMAIN, configurations, service_names

IMAGE = "ghcr.io/acme/web:1.4.0"
ENVIRONMENT = EnvironmentRef("env_1", "acme-staging", "acme", "staging", DOMAIN)
_NO_SECRETS: Mapping[str, str] = MappingProxyType({})


def a_service(kind: ServiceKind = ServiceKind.APPLICATION, name: str = "web") -> ServiceRef:
    return ServiceRef(ENVIRONMENT, "svc_1", name, kind)


def a_desire(*, secrets: Mapping[str, str] = _NO_SECRETS, **fields: Any) -> Desired:
    """`fields` are those of the configuration."""
    configuration = ServiceConfiguration.model_validate({"source": ImageSource(image=IMAGE), **fields})
    return Desired(configuration, IMAGE, secrets, revision=3, fence=17)


def objects_by_kind(service: ServiceRef, desired: Desired) -> dict[str, JsonObject]:
    """For services that have at most one object of a kind."""
    objects = objects_of(service, desired)
    by_kind = {one["kind"]: one for one in objects}
    assert len(by_kind) == len(objects)
    return by_kind


@st.composite
def desires(draw: st.DrawFn) -> tuple[ServiceRef, Desired]:
    """Any service with any valid configuration."""
    kind = draw(st.sampled_from(ServiceKind))
    configuration = draw(configurations(kind))
    service = ServiceRef(ENVIRONMENT, "svc_1", draw(service_names()), kind)
    secrets = {variable.name: f"value of {variable.name}" for variable in configuration.variables if variable.secret}
    return service, Desired(configuration, IMAGE, secrets, revision=3, fence=17)
