"""destroyEnvironment."""

import models.mutations.destroy_environment as model
from models.mutations.request import Accepted
from resolvers.announcing import announce
from resolvers.answers import answering
from resolvers.carrying_out import carry_out
from resolvers.context import Info, OperationContext
from resolvers.inputs import Input, given
from schema.accepted import DestroyEnvironmentAccepted
from schema.environment import Environment
from schema.inputs.mutations import DestroyEnvironmentInput
from schema.operation import Operation
from schema.results import DestroyEnvironmentResult


@answering
async def destroy_environment(info: Info, asked: Input[DestroyEnvironmentInput]) -> DestroyEnvironmentResult:
    context = info.context
    try:
        accepted = await _destroy(context, asked)
    except model.PlanNeeded:
        plan = await context.loaders.destroy_plan.load(asked.environment_id)
        accepted = await _destroy(context, asked, plan.digest)
    await announce(context, accepted)
    return DestroyEnvironmentAccepted(
        operation=Operation.of(accepted.operation), environment=Environment.of(accepted.environment)
    )


async def _destroy(
    context: OperationContext, asked: DestroyEnvironmentInput, digest_now: str | None = None
) -> Accepted:
    return await carry_out(
        context,
        model.destroy_environment,
        asked,
        environment_id=asked.environment_id,
        confirm_name=asked.confirm_name,
        plan_digest_seen=given(asked.plan_digest),
        plan_digest_now=digest_now,
        abandon_cluster=asked.abandon_cluster,
    )
