"""What can be changed: one module a mutation."""

import strawberry

from resolvers.add_service import add_service
from resolvers.cancel_operation import cancel_operation
from resolvers.create_environment import create_environment
from resolvers.create_project import create_project
from resolvers.delete_service import delete_service
from resolvers.destroy_environment import destroy_environment
from resolvers.remove_leftovers import remove_leftovers
from resolvers.retry_operation import retry_operation
from resolvers.rollback_service import rollback_service
from resolvers.set_environment_protection import set_environment_protection
from resolvers.update_service import update_service


@strawberry.type(description="No mutation waits for its work: it queues an operation and answers.")
class Mutation:
    create_project = strawberry.mutation(
        create_project, description="Creates a project with the blueprint of its services. For admins."
    )
    create_environment = strawberry.mutation(
        create_environment,
        description="Creates an environment of a project, with nothing deployed in it yet. For admins.",
    )
    set_environment_protection = strawberry.mutation(
        set_environment_protection,
        description="Protects an environment from deleteService and destroyEnvironment, or lifts that. For admins.",
    )
    add_service = strawberry.mutation(
        add_service, description="Deploys one more service of the project in an environment."
    )
    update_service = strawberry.mutation(
        update_service,
        description="Saves a change of the configuration and re-deploys the service with it: a new pipeline run, a new "
        "release.",
    )
    rollback_service = strawberry.mutation(
        rollback_service, description="Re-deploys the configuration of an earlier release."
    )
    delete_service = strawberry.mutation(
        delete_service,
        description="Removes a service with its pods, ingress rules, DNS records and secrets. Irreversible.",
    )
    destroy_environment = strawberry.mutation(
        destroy_environment,
        description="Removes an environment and all that it owns. Irreversible. On DESTROY_FAILED it goes on at the "
        "failed step. For admins.",
    )
    retry_operation = strawberry.mutation(
        retry_operation, description="Runs a failed operation on from the step that failed."
    )
    cancel_operation = strawberry.mutation(
        cancel_operation,
        description="Stops an operation before its next step; a destroy only before its first removal.",
    )
    remove_leftovers = strawberry.mutation(
        remove_leftovers,
        description="Deletes things with our labels that no environment owns, exactly those named. As no environment "
        "owns them there is no operation: a worker is asked and answers within ten seconds. For admins.",
    )
