"""deleteService."""

import models.mutations.delete_service as model
from resolvers.announcing import announce
from resolvers.answers import answering
from resolvers.carrying_out import carry_out
from resolvers.context import Info
from resolvers.inputs import Input
from schema.accepted import DeleteServiceAccepted
from schema.environment import Environment
from schema.inputs.mutations import DeleteServiceInput
from schema.operation import Operation
from schema.results import DeleteServiceResult


@answering
async def delete_service(info: Info, asked: Input[DeleteServiceInput]) -> DeleteServiceResult:
    context = info.context
    accepted = await carry_out(
        context,
        model.delete_service,
        asked,
        service_id=asked.service_id,
        confirm=asked.confirm,
        sealer=context.process.sealer,
    )
    await announce(context, accepted)
    return DeleteServiceAccepted(
        operation=Operation.of(accepted.operation), environment=Environment.of(accepted.environment)
    )
