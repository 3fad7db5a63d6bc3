"""The edge to graphql-core, whose generic executor is not fully typed."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Awaitable, Callable
from functools import partial
from inspect import isawaitable
from typing import Any, TypeGuard, TypeVar, cast

import strawberry
from graphql import ExecutionResult, GraphQLSchema, OperationType
from graphql.execution import (
    Executor,
    create_source_event_stream,
    default_field_resolver,
    default_type_resolver,
    get_variable_values,
)
from graphql.execution.execute import execute_subscription_event
from graphql.execution.values import VariableValues
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as StrawberryExecutor

from resolvers.transport.discretion import Hide
from resolvers.transport.documents import Operation
from resolvers.transport.live import EventSource
from resolvers.transport.masking import describe
from resolvers.transport.plans.bulk import Asked, attempt
from resolvers.transport.plans.executor import PlanningExecutor
from resolvers.transport.refusals import Code, Refusal
from resolvers.transport.requests import GraphQLRequest

_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)

ContextFactory = Callable[[], object]
E = TypeVar("E", bound=Executor[Any])

#: Of variables that don't fit.
MOST_ERRORS = 50


class Execution:
    """Runs operations: by plan where `compiled_plans` is set, else with Strawberry's executor as it is."""

    def __init__(self, schema: strawberry.Schema, *, hide_suggestions: bool, compiled_plans: bool) -> None:
        if schema.extensions or schema.directives:
            raise ValueError("This transport executes without Strawberry's schema extensions and directives.")
        if schema.config.enable_experimental_incremental_execution:
            raise ValueError("This transport gives each answer in one piece: no incremental execution.")
        if schema.execution_context_class is not StrawberryExecutor:
            raise ValueError("This transport executes without execution contexts of a schema's own.")
        self.schema: GraphQLSchema = schema._schema  # pyright: ignore[reportPrivateUsage]
        self._hide_suggestions = hide_suggestions
        self._compiled_plans = compiled_plans

    async def result(
        self, operation: Operation, request: GraphQLRequest, make_context: ContextFactory, hide: Hide
    ) -> ExecutionResult:
        """The result of a query or mutation. Refused when the variables don't fit.

        A query in which something fails is begun anew by Strawberry's executor, with a context of its own: what was
        loaded by plan came at other moments, and of several errors others might be told.
        """
        variables = self._variables(operation, request, hide)
        if not self._compiled_plans:
            return await _result_of(self._stock(operation, request, Asked(make_context(), variables)))
        if operation.kind is not OperationType.QUERY:
            return await _result_of(self._planning(operation, request, Asked(make_context(), variables)))
        loaded = await self._loaded(operation, request, Asked(make_context(), variables))
        return loaded or await _result_of(self._stock(operation, request, Asked(make_context(), variables)))

    async def _loaded(self, operation: Operation, request: GraphQLRequest, asked: Asked) -> ExecutionResult | None:
        """The result of a query, what it loads loaded by plan. None: something is unusual."""
        plan = operation.plans.of_query
        if plan is not None:
            completed = await attempt(plan, None, asked)
            return ExecutionResult(completed[0], None) if completed else None
        executor = self._planning(operation, request, asked, in_bulk=True)
        result = await _result_of(executor)
        return None if executor.loaded and result.errors else result

    def executor(self, operation: Operation, request: GraphQLRequest, context: object, hide: Hide) -> Executor[Any]:
        """What executes an operation. Refused when the variables don't fit."""
        make = self._planning if self._compiled_plans else self._stock
        return make(operation, request, Asked(context, self._variables(operation, request, hide)))

    def _variables(self, operation: Operation, request: GraphQLRequest, hide: Hide) -> VariableValues:
        plain = operation.plans.variables.of(request.variables) if self._compiled_plans else None
        if plain is not None:
            return plain
        variables = get_variable_values(
            self.schema,
            operation.node.variable_definitions or (),
            request.variables,
            max_errors=MOST_ERRORS,
            hide_suggestions=self._hide_suggestions,
        )
        if isinstance(variables, list):
            raise Refusal([describe(error, Code.BAD_USER_INPUT, hide) for error in variables], understood=True)
        return variables

    def _planning(
        self, operation: Operation, request: GraphQLRequest, asked: Asked, *, in_bulk: bool = False
    ) -> PlanningExecutor:
        return self._made(partial(PlanningExecutor, operation.plans, in_bulk=in_bulk), operation, request, asked)

    def _stock(self, operation: Operation, request: GraphQLRequest, asked: Asked) -> StrawberryExecutor:
        return self._made(StrawberryExecutor, operation, request, asked)

    def _made(self, make: Callable[..., E], operation: Operation, request: GraphQLRequest, asked: Asked) -> E:
        return make(
            self.schema,
            operation.plans.fragment_nodes,
            operation.plans.fragments,
            None,
            asked.context,
            operation.node,
            asked.variables,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=_is_awaitable,
            hide_suggestions=self._hide_suggestions,
            operation_extensions=request.extensions,
        )


async def _result_of(executor: Executor[Any]) -> ExecutionResult:
    result = executor.execute_operation()
    return cast("ExecutionResult", await result if isawaitable(result) else result)


async def source_of(executor: Executor[Any], hide: Hide) -> EventSource:
    """The source stream of a subscription. Refused when its resolver refuses."""
    source = create_source_event_stream(executor)
    if isawaitable(source):
        source = await source
    if isinstance(source, ExecutionResult):
        raise Refusal([describe(error, hide=hide) for error in source.errors or ()], understood=True)
    return cast("EventSource", source)


async def event_result(executor: Executor[Any], event: object, context: object) -> ExecutionResult:
    """The result for one source event."""
    per_event: Executor[Any] = executor.build_per_event_executor(event)
    per_event.context_value = context
    # Copied as one for all events, it would remember the fields of each for as long as the subscription lives
    per_event._relevant_sub_fields = {}  # pyright: ignore[reportPrivateUsage]
    result = execute_subscription_event(per_event)
    return await result if isawaitable(result) else result


def let_go(executor: Executor[Any]) -> None:
    """To be called when nothing more is executed: it is freed at once then, not when the garbage collector comes by.

    Its helpers are methods of its own, and with them it holds itself.
    """
    vars(executor).pop("async_helpers", None)
