"""A service's configuration: its shape, the changes that callers make to it, and the rules it keeps."""

from models.configuration.shape import (
    Autoscaling,
    DeploymentSettings,
    EngineSource,
    GitSource,
    HealthCheck,
    HealthChecks,
    ImageSource,
    IngressRule,
    NetworkSettings,
    Port,
    ResourceSettings,
    Schedule,
    ServiceConfiguration,
    Source,
    Variable,
    Volume,
)

__all__ = [
    "Autoscaling",
    "DeploymentSettings",
    "EngineSource",
    "GitSource",
    "HealthCheck",
    "HealthChecks",
    "ImageSource",
    "IngressRule",
    "NetworkSettings",
    "Port",
    "ResourceSettings",
    "Schedule",
    "ServiceConfiguration",
    "Source",
    "Variable",
    "Volume",
]
