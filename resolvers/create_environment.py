"""createEnvironment."""

import models.mutations.create_environment as model
from resolvers.announcing import announce_environment
from resolvers.answers import answering
from resolvers.carrying_out import carry_out
from resolvers.context import Info
from resolvers.inputs import Input, given
from schema.accepted import EnvironmentCreated
from schema.environment import Environment
from schema.inputs.mutations import CreateEnvironmentInput
from schema.results import CreateEnvironmentResult


@answering
async def create_environment(info: Info, asked: Input[CreateEnvironmentInput]) -> CreateEnvironmentResult:
    context = info.context
    environment = await carry_out(
        context,
        model.create_environment,
        asked,
        project_id=asked.project_id,
        name=asked.name,
        cluster=given(asked.cluster),
        namespace=given(asked.namespace),
        domain=given(asked.domain),
        protected=asked.protected,
        clusters=context.process.clusters,
    )
    await announce_environment(context, environment)
    return EnvironmentCreated(environment=Environment.of(environment))
