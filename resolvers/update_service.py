"""updateService."""

import models.mutations.update_service as model
from resolvers.announcing import announce
from resolvers.answers import answering, service_of
from resolvers.carrying_out import carry_out
from resolvers.context import Info
from resolvers.inputs import Input, configuration_said, given
from schema.accepted import UpdateServiceAccepted
from schema.inputs.mutations import UpdateServiceInput
from schema.operation import Operation
from schema.results import UpdateServiceResult
from schema.service import Service


@answering
async def update_service(info: Info, asked: Input[UpdateServiceInput]) -> UpdateServiceResult:
    context = info.context
    accepted = await carry_out(
        context,
        model.update_service,
        asked,
        service_id=asked.service_id,
        change=configuration_said(asked.configuration),
        expected_revision=given(asked.expected_revision),
        sealer=context.process.sealer,
    )
    await announce(context, accepted)
    return UpdateServiceAccepted(operation=Operation.of(accepted.operation), service=Service.of(service_of(accepted)))
