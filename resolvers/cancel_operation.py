"""cancelOperation."""

import models.mutations.cancel_operation as model
from resolvers.announcing import announce_operation
from resolvers.answers import answering
from resolvers.carrying_out import carry_out
from resolvers.context import Info
from resolvers.inputs import Input
from schema.accepted import CancelOperationAccepted
from schema.inputs.mutations import CancelOperationInput
from schema.operation import Operation
from schema.results import CancelOperationResult


@answering
async def cancel_operation(info: Info, asked: Input[CancelOperationInput]) -> CancelOperationResult:
    operation = await carry_out(info.context, model.cancel_operation, asked, operation_id=asked.operation_id)
    await announce_operation(info.context, operation)
    return CancelOperationAccepted(operation=Operation.of(operation))
