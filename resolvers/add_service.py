"""addService."""

import models.mutations.add_service as model
from resolvers.announcing import announce
from resolvers.answers import answering, service_of
from resolvers.carrying_out import carry_out
from resolvers.context import Info
from resolvers.inputs import Input, configuration_said
from schema.accepted import AddServiceAccepted
from schema.inputs.mutations import AddServiceInput
from schema.operation import Operation
from schema.results import AddServiceResult
from schema.service import Service


@answering
async def add_service(info: Info, asked: Input[AddServiceInput]) -> AddServiceResult:
    context = info.context
    accepted = await carry_out(
        context,
        model.add_service,
        asked,
        environment_id=asked.environment_id,
        project_service_id=asked.project_service_id,
        change=configuration_said(asked.configuration),
        sealer=context.process.sealer,
    )
    await announce(context, accepted)
    return AddServiceAccepted(operation=Operation.of(accepted.operation), service=Service.of(service_of(accepted)))
