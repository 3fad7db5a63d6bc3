"""The words of the domain, as the public contract spells them."""

from enum import StrEnum


class Role(StrEnum):
    VIEWER = "VIEWER"
    EDITOR = "EDITOR"
    ADMIN = "ADMIN"


class EnvironmentPhase(StrEnum):
    INITIALIZING = "INITIALIZING"
    ACTIVE = "ACTIVE"
    UPDATING = "UPDATING"
    ERROR = "ERROR"
    DESTROYING = "DESTROYING"
    DESTROYED = "DESTROYED"
    DESTROY_FAILED = "DESTROY_FAILED"


class ServiceKind(StrEnum):
    APPLICATION = "APPLICATION"
    WORKER = "WORKER"
    CRON_JOB = "CRON_JOB"
    DATASOURCE = "DATASOURCE"


class ServiceStatus(StrEnum):
    DEPLOYING = "DEPLOYING"
    RUNNING = "RUNNING"
    FAILED = "FAILED"
    DELETING = "DELETING"


class HealthState(StrEnum):
    HEALTHY = "HEALTHY"
    DEGRADED = "DEGRADED"
    UNKNOWN = "UNKNOWN"


class OperationKind(StrEnum):
    ADD_SERVICE = "ADD_SERVICE"
    UPDATE_SERVICE = "UPDATE_SERVICE"
    ROLLBACK_SERVICE = "ROLLBACK_SERVICE"
    DELETE_SERVICE = "DELETE_SERVICE"
    DESTROY_ENVIRONMENT = "DESTROY_ENVIRONMENT"


class OperationStatus(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class StepStatus(StrEnum):
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    RETRYING = "RETRYING"
    SUCCEEDED = "SUCCEEDED"
    SKIPPED = "SKIPPED"
    FAILED = "FAILED"


class WorkflowStatus(StrEnum):
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class StageKind(StrEnum):
    SOURCE = "SOURCE"
    BUILD = "BUILD"
    PUSH = "PUSH"
    DEPLOY = "DEPLOY"


class Engine(StrEnum):
    POSTGRES = "POSTGRES"
    MYSQL = "MYSQL"
    REDIS = "REDIS"
    MONGODB = "MONGODB"


class DeploymentStrategy(StrEnum):
    ROLLING = "ROLLING"
    RECREATE = "RECREATE"


class VolumePolicy(StrEnum):
    DELETE = "DELETE"
    RETAIN = "RETAIN"


class ObjectAction(StrEnum):
    """What becomes of an object of the cluster."""

    CREATE = "CREATE"
    CHANGE = "CHANGE"
    REMOVE = "REMOVE"


class AuditOutcome(StrEnum):
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


#: Operations in these statuses have ended.
ENDED = frozenset({OperationStatus.CANCELLED, OperationStatus.SUCCEEDED, OperationStatus.FAILED})
#: Operations in these statuses still hold their environment's phase.
UNFINISHED = frozenset(OperationStatus) - ENDED
