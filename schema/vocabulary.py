"""The words of the domain, as clients read them."""

from enum import EnumMeta
from typing import cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from models.vocabulary import (
    AuditOutcome,
    DeploymentStrategy,
    Engine,
    EnvironmentPhase,
    HealthState,
    ObjectAction,
    OperationKind,
    OperationStatus,
    Role,
    ServiceKind,
    ServiceStatus,
    StageKind,
    StepStatus,
    VolumePolicy,
    WorkflowStatus,
)

__all__ = [
    "AuditOutcome",
    "DeploymentStrategy",
    "Engine",
    "EnvironmentPhase",
    "HealthState",
    "ObjectAction",
    "OperationKind",
    "OperationStatus",
    "Role",
    "ServiceKind",
    "ServiceStatus",
    "StageKind",
    "StepStatus",
    "VolumePolicy",
    "WorkflowStatus",
]


def _describe(words: EnumMeta, description: str, **values: str) -> None:
    """Makes an enum of the schema of it. Raises KeyError for a word without a description."""
    enum = strawberry.enum(words, description=description)
    definition = cast("StrawberryEnumDefinition", enum.__strawberry_definition__)  # pyright: ignore
    for value in definition.values:
        value.description = values[value.name]


_describe(
    Role,
    "What a caller may do in a project. Each role includes those before it.",
    VIEWER="Reads.",
    EDITOR="Adds, updates, rolls back and deletes services.",
    ADMIN="Creates, protects and destroys environments.",
)
_describe(
    EnvironmentPhase,
    "Where an environment stands. Treat a value that you do not know as work in progress.",
    INITIALIZING="Created; no service has been deployed yet, or the first are being deployed.",
    ACTIVE="All its services are deployed.",
    UPDATING="A service is being added, re-deployed or deleted.",
    ERROR="Nothing is under way, and the last change of at least one service failed.",
    DESTROYING="It is being destroyed.",
    DESTROYED="Everything is gone, and was looked for and not found. Final.",
    DESTROY_FAILED="The destroy could not finish. destroyEnvironment goes on where it stopped.",
)
_describe(
    ServiceKind,
    "What a service is, and so what it becomes in the cluster.",
    APPLICATION="Serves requests: a Deployment, with a Service and Ingress for its ports.",
    WORKER="Runs without being called: a Deployment.",
    CRON_JOB="Runs at the times of its schedule: a CronJob.",
    DATASOURCE="Keeps data: a StatefulSet of its engine's official image, with a volume.",
)
_describe(
    ServiceStatus,
    "Where a service stands after its latest operation.",
    DEPLOYING="A configuration is being rolled out, or waits for it.",
    RUNNING="Its latest configuration is rolled out.",
    FAILED="Its latest operation failed or was cancelled; `statusReason` says why.",
    DELETING="It is being removed.",
)
_describe(
    HealthState,
    "What a service looks like from outside.",
    HEALTHY="All its objects, pods, DNS records and secrets are as its latest release asks.",
    DEGRADED="Some of them are missing, changed or not ready; `reason` names them.",
    UNKNOWN="It was not looked at yet, or could not be; `reason` says why.",
)
_describe(
    OperationKind,
    "What an operation does: the mutation that queued it.",
    ADD_SERVICE="Deploys one more service.",
    UPDATE_SERVICE="Re-deploys a service with a changed configuration.",
    ROLLBACK_SERVICE="Re-deploys the configuration of an earlier release.",
    DELETE_SERVICE="Removes a service.",
    DESTROY_ENVIRONMENT="Removes an environment and all that it owns.",
)
_describe(
    OperationStatus,
    "Where an operation stands.",
    QUEUED="It waits for a worker, or for an earlier operation on the same service.",
    RUNNING="A worker carries it out.",
    CANCELLING="It stops before its next step.",
    CANCELLED="It was stopped, or a newer one carries its change too. Ended.",
    SUCCEEDED="All its steps are done. Ended.",
    FAILED="A step failed; `failure` says which and why. Ended, but retryOperation lets it go on.",
)
_describe(
    StepStatus,
    "Where a step, or a stage of a pipeline, stands.",
    PENDING="It has not begun.",
    RUNNING="It is being done, or waits for what it has begun.",
    RETRYING="It failed for a reason that may pass, and will be tried again.",
    SUCCEEDED="It is done.",
    SKIPPED="There was nothing to do, or the operation was stopped before it.",
    FAILED="It was tried as often as it may be, or failed for good.",
)
_describe(
    WorkflowStatus,
    "Where a pipeline run stands.",
    PENDING="It has not begun.",
    RUNNING="A stage is under way.",
    SUCCEEDED="All its stages are done.",
    FAILED="A stage failed.",
    CANCELLED="Its operation was cancelled.",
)
_describe(
    StageKind,
    "A stage of a pipeline, in the order in which they run.",
    SOURCE="Looks up what is to be deployed.",
    BUILD="Builds the image in the cluster. Only of a git source.",
    PUSH="Pushes the image to its registry. Only of a git source.",
    DEPLOY="Rolls the image out and brings the DNS records.",
)
_describe(
    Engine,
    "What a DATASOURCE runs.",
    POSTGRES="PostgreSQL.",
    MYSQL="MySQL.",
    REDIS="Redis.",
    MONGODB="MongoDB.",
)
_describe(
    DeploymentStrategy,
    "How new pods take over from old ones.",
    ROLLING="Pod by pod, without an interruption.",
    RECREATE="All old ones stop before the first new one starts.",
)
_describe(
    VolumePolicy,
    "What becomes of a volume when its service is removed.",
    DELETE="It is deleted with its data.",
    RETAIN="It stays, labelled with where it came from.",
)
_describe(
    ObjectAction,
    "What becomes of an object of the cluster.",
    CREATE="It is made.",
    CHANGE="Some of its fields change.",
    REMOVE="It is removed: nothing asks for it any more.",
)
_describe(
    AuditOutcome,
    "What came of a mutation.",
    ACCEPTED="It was done, or will be by the operation that it queued.",
    REFUSED="Nothing was changed; `refusal` and `message` say why.",
)
