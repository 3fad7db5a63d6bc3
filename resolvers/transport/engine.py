"""Answers operations on a schema. Knows nothing of HTTP or WebSocket."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
import strawberry
from graphql import OperationType

from resolvers.transport.discretion import Discretion, Hide
from resolvers.transport.documents import Documents, Operation
from resolvers.transport.execution import ContextFactory, Execution, source_of
from resolvers.transport.limits import TransportLimits
from resolvers.transport.refusals import Code, Refusal, refuse
from resolvers.transport.requests import GraphQLRequest
from resolvers.transport.responses import Responses, response_to


@dataclass(frozen=True, slots=True)
class PreparedOperation:
    """An operation that may be executed: valid, within its limits, its variables at hand."""

    operation: Operation
    request: GraphQLRequest
    cost: int

    @property
    def is_subscription(self) -> bool:
        return self.operation.kind is OperationType.SUBSCRIPTION

    @property
    def is_mutation(self) -> bool:
        return self.operation.kind is OperationType.MUTATION


class Engine:
    """One schema with its limits."""

    def __init__(self, schema: strawberry.Schema, limits: TransportLimits) -> None:
        self._execution = Execution(
            schema, hide_suggestions=not limits.introspection, compiled_plans=limits.compiled_plans
        )
        self._discretion = Discretion(self._execution.schema, introspection=limits.introspection)
        self._documents = Documents(self._execution.schema, limits, self._discretion)
        self._limits = limits

    def prepare(self, request: GraphQLRequest) -> PreparedOperation:
        """Finds the operation to execute, or refuses."""
        if request.variables and len(orjson.dumps(request.variables)) > self._limits.variables_size:
            limit = self._limits.variables_size
            raise refuse(f"The variables are larger than {limit} bytes.", Code.PAYLOAD_TOO_LARGE, 413)
        operation = self._documents.of(request.query).operation(request.operation_name)
        cost = operation.cost.of(request.variables)
        if cost > self._limits.cost:
            message = f"The operation may cost {cost}; at most {self._limits.cost} is allowed. Ask for smaller pages."
            extensions = {"code": Code.COST_LIMIT_EXCEEDED, **self._cost_report(cost)}
            raise Refusal([{"message": message, "extensions": extensions}], understood=True)
        return PreparedOperation(operation, request, cost)

    async def execute(self, prepared: PreparedOperation, make_context: ContextFactory) -> bytes:
        """The response to a query or mutation."""
        hide = self._hide(prepared.request)
        result = await self._execution.result(prepared.operation, prepared.request, make_context, hide)
        return response_to(result, hide, self._cost_report(prepared.cost))

    async def subscribe(self, prepared: PreparedOperation, make_context: ContextFactory) -> Responses:
        """Creates the source stream of a subscription; then come its events, each with its response."""
        hide = self._hide(prepared.request)
        executor = self._execution.executor(prepared.operation, prepared.request, make_context(), hide)
        return Responses(executor, await source_of(executor, hide), make_context, hide)

    def _hide(self, request: GraphQLRequest) -> Hide:
        return self._discretion.towards(request.query, request.variables)

    def _cost_report(self, cost: int) -> Mapping[str, object]:
        return {"cost": {"requested": cost, "limit": self._limits.cost}}
