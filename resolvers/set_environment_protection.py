"""setEnvironmentProtection."""

import models.mutations.set_environment_protection as model
from resolvers.answers import answering
from resolvers.carrying_out import carry_out
from resolvers.context import Info
from resolvers.inputs import Input
from schema.accepted import EnvironmentProtectionSet
from schema.environment import Environment
from schema.inputs.mutations import SetEnvironmentProtectionInput
from schema.results import SetEnvironmentProtectionResult


@answering
async def set_environment_protection(
    info: Info, asked: Input[SetEnvironmentProtectionInput]
) -> SetEnvironmentProtectionResult:
    environment = await carry_out(
        info.context,
        model.set_environment_protection,
        asked,
        environment_id=asked.environment_id,
        protected=asked.protected,
    )
    return EnvironmentProtectionSet(environment=Environment.of(environment))
