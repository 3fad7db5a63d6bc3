"""rollbackService."""

import models.mutations.rollback_service as model
from resolvers.announcing import announce
from resolvers.answers import answering, service_of
from resolvers.carrying_out import carry_out
from resolvers.context import Info
from resolvers.inputs import Input
from schema.accepted import RollbackServiceAccepted
from schema.inputs.mutations import RollbackServiceInput
from schema.operation import Operation
from schema.results import RollbackServiceResult
from schema.service import Service


@answering
async def rollback_service(info: Info, asked: Input[RollbackServiceInput]) -> RollbackServiceResult:
    context = info.context
    accepted = await carry_out(
        context, model.rollback_service, asked, service_id=asked.service_id, revision=asked.revision
    )
    await announce(context, accepted)
    return RollbackServiceAccepted(operation=Operation.of(accepted.operation), service=Service.of(service_of(accepted)))
