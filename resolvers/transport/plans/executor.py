"""The executor that follows plans where it has them."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportIncompatibleVariableOverride=false

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from graphql import GraphQLList, GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import AwaitableOrValue, Path
from graphql.type import GraphQLResolveInfoHelpers
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from resolvers.transport.plans.bulk import Asked, Bulk, Finish
from resolvers.transport.plans.leaves import Complete
from resolvers.transport.plans.plans import Plans

Response = dict[str, Any]


class PlanningExecutor(Executor[Any]):
    """Reads plain attributes by plan and leaves everything else to graphql-core, as if it had done it all itself.

    With `in_bulk` it also loads by plan. When it has `loaded`, a result with errors is of no use: graphql-core alone
    would have said more of what failed in there, and of several errors perhaps others.

    It does what Strawberry's executor does, but for incremental delivery, which costs something even when nobody asks
    for it.
    """

    def __init__(
        self, plans: Plans, *args: Any, in_bulk: bool, operation_extensions: dict[str, Any], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.operation_extensions = operation_extensions
        self.loaded = False
        self._plans = plans
        self._loads = in_bulk

    build_resolve_info = StrawberryGraphQLCoreExecutionContext.build_resolve_info

    @property
    def async_helpers(self) -> GraphQLResolveInfoHelpers:
        """Made when asked for: an executor that holds them holds itself, and is freed late with all it has loaded."""
        return GraphQLResolveInfoHelpers(gather=self.gather_async_work, track=self.track_async_work)

    @async_helpers.setter
    def async_helpers(self, _helpers: GraphQLResolveInfoHelpers) -> None:
        pass

    def collect_and_execute_subfields(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> AwaitableOrValue[Response]:
        plan = self._plans.of_object(return_type, field_details_list)
        execute = super().collect_and_execute_subfields
        if plan and plan.bulk and self._loads:
            stock = partial(execute, return_type, field_details_list, path, result, position_context)
            return self._in_bulk(plan.bulk, result, stock)
        response = attempt(plan.read, result) if plan else None
        if plan is None or response is None:
            return execute(return_type, field_details_list, path, result, position_context)
        if not plan.rest:
            return response
        rest = self.execute_fields(return_type, result, path, plan.rest, position_context)
        if self.is_awaitable(rest):
            return _updated(response, rest)
        response.update(rest)
        return response

    def complete_list_value(
        self,
        return_type: GraphQLList[GraphQLOutputType],
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> AwaitableOrValue[list[Any]]:
        complete = self._plans.of_list(return_type, field_details_list)
        stock = partial(
            super().complete_list_value, return_type, field_details_list, info, path, result, position_context
        )
        if isinstance(complete, Bulk):
            return self._in_bulk(complete, result, stock) if self._loads else stock()
        completed = attempt(complete, result) if complete else None
        return completed if completed is not None else stock()

    def _in_bulk(self, bulk: Bulk, value: object, stock: Callable[[], AwaitableOrValue[Any]]) -> AwaitableOrValue[Any]:
        """The completed value, by `stock` where it is known at once that it can't be done in bulk."""
        asked = Asked(self.context_value, self.variable_values)
        finish = attempt(lambda values: bulk.begin(values, asked), [value])
        return self._finished(finish) if finish else stock()

    async def _finished(self, finish: Finish) -> Any:
        self.loaded = True
        [completed] = await finish()
        return completed


def attempt(complete: Complete, value: object) -> Any | None:
    """The completed value; None where it can't be done by plan."""
    try:
        return complete(value)
    except Exception:  # noqa: BLE001 whatever it is, graphql-core meets it again, and reports it where it belongs
        return None


async def _updated(response: Response, rest: Awaitable[Response]) -> Response:
    response.update(await rest)
    return response
