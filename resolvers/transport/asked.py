"""The mutations that an operation asks for, before anything of it is executed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode
from graphql.utilities import value_from_ast_untyped

from resolvers.transport.documents import Operation


@dataclass(frozen=True, slots=True)
class AskedMutation:
    """One field at the root, with its arguments as they came: nobody has checked them against the schema."""

    name: str
    arguments: Mapping[str, object]


class AskedMutations:
    """All of one operation, in order, `__typename` apart. Whether `@skip` leaves some out is not looked at."""

    def __init__(self, operation: Operation, variables: Mapping[str, object]) -> None:
        self._operation = operation
        self._variables = variables

    @property
    def count(self) -> int:
        """How many there are, each `__typename` too: through fragments they may be more than anybody can list."""
        return self._operation.root_fields

    def __iter__(self) -> Iterator[AskedMutation]:
        defaults = {
            definition.variable.name.value: value_from_ast_untyped(definition.default_value)
            for definition in self._operation.node.variable_definitions or ()
            if definition.default_value is not None
        }
        variables = {**defaults, **self._variables}
        for field in self._fields(self._operation.node.selection_set):
            if field.name.value.startswith("__"):
                continue
            arguments = {
                argument.name.value: value_from_ast_untyped(argument.value, variables)
                for argument in field.arguments or ()
            }
            yield AskedMutation(field.name.value, arguments)

    def _fields(self, selection_set: SelectionSetNode) -> Iterator[FieldNode]:
        for selection in selection_set.selections:
            match selection:
                case FieldNode():
                    yield selection
                case InlineFragmentNode():
                    yield from self._fields(selection.selection_set)
                case FragmentSpreadNode():
                    yield from self._fields(self._operation.plans.fragment_nodes[selection.name.value].selection_set)
                case _:
                    raise TypeError(f"a {type(selection).__name__} selects nothing")
