"""The settings of a worker process, from its environment. Made once in `boot`, and passed on."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from jobs.adapters.kubernetes.limits import Limits
from jobs.adapters.kubernetes.manifests import BuildSettings
from models.logs import LogFormat, LogLevel


class ClusterSettings(BaseModel):
    """One cluster, under the name that the operator gave it."""

    #: The kubeconfig context; None: the current one.
    context: str | None = None
    #: Where hostnames point, if not to what each Ingress publishes.
    ingress_address: str | None = None
    #: What one worker process may ask of it.
    calls: Limits = Limits()
    #: How git sources are built in it.
    builds: BuildSettings = BuildSettings()


Clusters = Annotated[dict[str, ClusterSettings], Field(min_length=1)]


def default_clusters() -> dict[str, ClusterSettings]:
    return {"default": ClusterSettings()}


class WorkerSettings(BaseSettings):
    """Durations are seconds."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str = "sqlite:///phaseline.db"
    redis_url: str = "redis://127.0.0.1:6379/0"
    #: Fernet keys, the newest first, separated by commas: secret variables are sealed with them.
    secrets_key: SecretStr
    kubeconfig: Path | None = None
    clusters: Clusters = Field(default_factory=default_clusters)
    aws_endpoint_url: str | None = None
    aws_region: str = "us-east-1"
    #: Days that a deleted cloud secret can be restored, 7 to 30; 0 deletes it at once.
    secret_recovery_days: int = 7

    lease_seconds: float = Field(default=4.0, gt=0)
    heartbeat_seconds: float = Field(default=1.0, gt=0)
    sweep_seconds: float = Field(default=0.5, gt=0)
    #: How often the health of an environment is looked at when nothing moves in it.
    reconcile_seconds: float = Field(default=300.0, gt=0)
    #: How many operations the sweeper and the watches may bring forward at once in this process.
    worker_threads: int = Field(default=8, ge=1)
    max_attempts: int = Field(default=8, ge=1)
    first_retry_seconds: float = Field(default=1.0, gt=0)
    longest_retry_seconds: float = Field(default=60.0, gt=0)
    #: How long a step waits for something that does not move, where whoever it asks has no deadline of its own.
    patience_seconds: float = Field(default=300.0, gt=0)

    log_level: LogLevel = "INFO"
    log_format: LogFormat = "json"
    #: Whether a failed update is followed by a rollback to the latest release that succeeded.
    rollback_on_failure: bool = False

    #: Days that ended operations, transitions, releases, workflows and destroyed environments are kept.
    retention_days: float = Field(default=90.0, gt=0)
    #: So many releases and workflows of each service stay, however old.
    retained_releases: int = Field(default=10, ge=1)
    #: Hours that idempotency keys are kept.
    idempotency_key_hours: float = Field(default=48.0, ge=24)
    #: How often old history is looked for.
    housekeeping_seconds: float = Field(default=3600.0, gt=0)
