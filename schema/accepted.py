"""What a mutation answers when it did what was asked."""

import strawberry

from schema.environment import Environment
from schema.operation import Operation
from schema.project import Project
from schema.service import Service


@strawberry.interface(
    description="Select `... on OperationAccepted { operation { id } }`: it reaches whichever mutation answered."
)
class OperationAccepted:
    operation: Operation = strawberry.field(description="What was queued. Follow it with operationProgressed.")


@strawberry.type(description="The service will be deployed.")
class AddServiceAccepted(OperationAccepted):
    service: Service = strawberry.field(description="The service, DEPLOYING.")


@strawberry.type(description="The change is saved and will be deployed.")
class UpdateServiceAccepted(OperationAccepted):
    service: Service = strawberry.field(description="The service with its new revision.")


@strawberry.type(description="The earlier configuration is saved as a new revision and will be deployed.")
class RollbackServiceAccepted(OperationAccepted):
    service: Service = strawberry.field(description="The service with its new revision.")


@strawberry.type(description="The service will be removed.")
class DeleteServiceAccepted(OperationAccepted):
    environment: Environment = strawberry.field(description="The environment that it was deployed in.")


@strawberry.type(description="The environment will be removed; nothing else is accepted for it any more.")
class DestroyEnvironmentAccepted(OperationAccepted):
    environment: Environment = strawberry.field(description="The environment, DESTROYING.")


@strawberry.type(description="The operation goes on at the step that failed.")
class RetryOperationAccepted(OperationAccepted): ...


@strawberry.type(description="The operation is stopped, or will stop before its next step.")
class CancelOperationAccepted(OperationAccepted): ...


@strawberry.type(description="The project is there.")
class ProjectCreated:
    project: Project = strawberry.field(description="The project.")


@strawberry.type(description="The environment is there. Deploy services in it with addService.")
class EnvironmentCreated:
    environment: Environment = strawberry.field(description="The environment, INITIALIZING.")


@strawberry.type(description="The environment is protected, or not any more.")
class EnvironmentProtectionSet:
    environment: Environment = strawberry.field(description="The environment.")
