"""What each mutation answers, and a preview of one: exactly one type of success, or one Error."""

from typing import Annotated, TypeAlias

import strawberry

from schema import accepted
from schema.errors import (
    AlreadyExists,
    ConfirmationMismatch,
    Forbidden,
    IdempotencyConflict,
    InvalidInput,
    NotFound,
    OperationNotCancellable,
    OperationNotRetryable,
    PhaseConflict,
    PlanChanged,
    ProtectedFromRemoval,
    RevisionConflict,
    ServiceNotAvailable,
)
from schema.leftovers import LeftoversRemoved
from schema.service_preview import ServiceUpdatePreview

CreateProjectResult: TypeAlias = Annotated[
    accepted.ProjectCreated | Forbidden | InvalidInput | AlreadyExists | IdempotencyConflict,
    strawberry.union("CreateProjectResult", description="What createProject answers."),
]
CreateEnvironmentResult: TypeAlias = Annotated[
    accepted.EnvironmentCreated | NotFound | Forbidden | InvalidInput | AlreadyExists | IdempotencyConflict,
    strawberry.union("CreateEnvironmentResult", description="What createEnvironment answers."),
]
SetEnvironmentProtectionResult: TypeAlias = Annotated[
    accepted.EnvironmentProtectionSet | NotFound | Forbidden | InvalidInput | PhaseConflict | IdempotencyConflict,
    strawberry.union("SetEnvironmentProtectionResult", description="What setEnvironmentProtection answers."),
]
AddServiceResult: TypeAlias = Annotated[
    accepted.AddServiceAccepted
    | NotFound
    | Forbidden
    | InvalidInput
    | PhaseConflict
    | ServiceNotAvailable
    | IdempotencyConflict,
    strawberry.union("AddServiceResult", description="What addService answers."),
]
UpdateServiceResult: TypeAlias = Annotated[
    accepted.UpdateServiceAccepted
    | NotFound
    | Forbidden
    | InvalidInput
    | PhaseConflict
    | RevisionConflict
    | IdempotencyConflict,
    strawberry.union("UpdateServiceResult", description="What updateService answers."),
]
RollbackServiceResult: TypeAlias = Annotated[
    accepted.RollbackServiceAccepted | NotFound | Forbidden | InvalidInput | PhaseConflict | IdempotencyConflict,
    strawberry.union("RollbackServiceResult", description="What rollbackService answers."),
]
DeleteServiceResult: TypeAlias = Annotated[
    accepted.DeleteServiceAccepted
    | NotFound
    | Forbidden
    | InvalidInput
    | PhaseConflict
    | ConfirmationMismatch
    | ProtectedFromRemoval
    | IdempotencyConflict,
    strawberry.union("DeleteServiceResult", description="What deleteService answers."),
]
DestroyEnvironmentResult: TypeAlias = Annotated[
    accepted.DestroyEnvironmentAccepted
    | NotFound
    | Forbidden
    | InvalidInput
    | PhaseConflict
    | ConfirmationMismatch
    | ProtectedFromRemoval
    | PlanChanged
    | IdempotencyConflict,
    strawberry.union("DestroyEnvironmentResult", description="What destroyEnvironment answers."),
]
RetryOperationResult: TypeAlias = Annotated[
    accepted.RetryOperationAccepted
    | NotFound
    | Forbidden
    | InvalidInput
    | PhaseConflict
    | OperationNotRetryable
    | IdempotencyConflict,
    strawberry.union("RetryOperationResult", description="What retryOperation answers."),
]
CancelOperationResult: TypeAlias = Annotated[
    accepted.CancelOperationAccepted
    | NotFound
    | Forbidden
    | InvalidInput
    | OperationNotCancellable
    | IdempotencyConflict,
    strawberry.union("CancelOperationResult", description="What cancelOperation answers."),
]
RemoveLeftoversResult: TypeAlias = Annotated[
    LeftoversRemoved | Forbidden | InvalidInput | IdempotencyConflict,
    strawberry.union("RemoveLeftoversResult", description="What removeLeftovers answers."),
]
PreviewServiceUpdateResult: TypeAlias = Annotated[
    ServiceUpdatePreview | NotFound | Forbidden | InvalidInput | PhaseConflict,
    strawberry.union("PreviewServiceUpdateResult", description="What previewServiceUpdate answers."),
]
