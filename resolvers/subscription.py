"""What can be followed: one module a subscription."""

import strawberry

from resolvers.subscriptions.environment_phase_changed import environment_phase_changed
from resolvers.subscriptions.operation_progressed import operation_progressed
from resolvers.subscriptions.project_phase_changed import project_phase_changed


@strawberry.type(description="What happens, as it happens, over WebSocket or server-sent events.")
class Subscription:
    environment_phase_changed = strawberry.subscription(
        environment_phase_changed,
        description="Phase transitions of one environment: each once, in order, none missing, as they happen. Without "
        "`after` the latest transition comes first; with it, every one behind that cursor. Completes after DESTROYED.",
    )
    project_phase_changed = strawberry.subscription(
        project_phase_changed,
        description="The same for every environment of a project, those created later too. Without `after`: the latest "
        "of each, first.",
    )
    operation_progressed = strawberry.subscription(
        operation_progressed,
        description="The operation as it is, then again after every change. Completes when it has ended.",
    )
