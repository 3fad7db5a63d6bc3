"""retryOperation."""

import models.mutations.retry_operation as model
from resolvers.announcing import announce_operation
from resolvers.answers import answering
from resolvers.carrying_out import carry_out
from resolvers.context import Info
from resolvers.inputs import Input
from schema.accepted import RetryOperationAccepted
from schema.inputs.mutations import RetryOperationInput
from schema.operation import Operation
from schema.results import RetryOperationResult


@answering
async def retry_operation(info: Info, asked: Input[RetryOperationInput]) -> RetryOperationResult:
    operation = await carry_out(info.context, model.retry_operation, asked, operation_id=asked.operation_id)
    await announce_operation(info.context, operation)
    return RetryOperationAccepted(operation=Operation.of(operation))
