"""What an operation may cost at most: one for each object that its pages can hold, before anything is executed."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLList,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
)

from resolvers.transport.limits import TransportLimits
from resolvers.transport.structure import INTROSPECTION_FIELDS

PAGE_ARGUMENTS = ("first", "last")
#: What is dearer costs this: the largest number that every reader of JSON takes (RFC 8259, section 6).
MOST = 2**53 - 1


class OperationCost:
    """Prices one valid operation for given variables. A list multiplies by the page size in force:

    that of the field's own `first` or `last`, given or by default, else that of the connection it stands in, else an
    assumed one.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        limits: TransportLimits,
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._limits = limits
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._defaults = {
            definition.variable.name.value: int(definition.default_value.value)
            for definition in operation.variable_definitions or ()
            if isinstance(definition.default_value, IntValueNode)
        }
        self._page_variables = set[str]()
        self._known = dict[tuple[tuple[str, int], ...], int]()
        self.of({})

    def of(self, variables: Mapping[str, object]) -> int:
        """The cost with these variables. Only those that are page sizes matter."""
        sizes = tuple((name, size) for name in self._page_variables if isinstance(size := variables.get(name), int))
        if sizes not in self._known:
            if len(self._known) > 100:
                self._known.clear()
            self._known[sizes] = self._price(dict(sizes))
        return self._known[sizes]

    def _price(self, variables: Mapping[str, int]) -> int:
        root = self._schema.get_root_type(self._operation.operation)
        walk = _Walk(self, variables)
        return min(walk.selection_set(self._operation.selection_set, root, None), MOST) if root else 0

    @property
    def schema(self) -> GraphQLSchema:
        return self._schema

    @property
    def limits(self) -> TransportLimits:
        return self._limits

    def fragment(self, name: str) -> FragmentDefinitionNode:
        return self._fragments[name]

    def page_of(self, node: FieldNode, field: GraphQLField, variables: Mapping[str, int]) -> int | None:
        """The page size that a field asks for; None: it has no pages."""
        names = [name for name in PAGE_ARGUMENTS if name in field.args]
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        sizes = [self._size(given.get(name), variables) for name in names]
        sizes += [field.args[name].default_value for name in names]
        known = next((size for size in sizes if isinstance(size, int)), self._limits.assumed_page)
        return max(known, 0) if names else None

    def _size(self, value: ValueNode | None, variables: Mapping[str, int]) -> int | None:
        if isinstance(value, IntValueNode):
            return int(value.value)
        if not isinstance(value, VariableNode):
            return None
        name = value.name.value
        self._page_variables.add(name)
        return variables.get(name, self._defaults.get(name))


class _Walk:
    """One pass over an operation; a fragment is priced once for each page it is met in."""

    def __init__(self, cost: OperationCost, variables: Mapping[str, int]) -> None:
        self._cost = cost
        self._variables = variables
        self._fragments = dict[tuple[str, int | None], int]()

    def selection_set(self, node: SelectionSetNode | None, parent: GraphQLCompositeType, page: int | None) -> int:
        return sum(self._selection(selection, parent, page) for selection in (node.selections if node else ()))

    def _selection(self, node: SelectionNode, parent: GraphQLCompositeType, page: int | None) -> int:
        if isinstance(node, FieldNode):
            return self._field(node, parent, page)
        if isinstance(node, FragmentSpreadNode):
            return self._spread(node.name.value, page)
        assert isinstance(node, InlineFragmentNode)
        type_ = self._type(node.type_condition.name.value) if node.type_condition else parent
        return self.selection_set(node.selection_set, type_, page)

    def _spread(self, name: str, page: int | None) -> int:
        if (name, page) not in self._fragments:
            fragment = self._cost.fragment(name)
            type_ = self._type(fragment.type_condition.name.value)
            self._fragments[name, page] = self.selection_set(fragment.selection_set, type_, page)
        return self._fragments[name, page]

    def _field(self, node: FieldNode, parent: GraphQLCompositeType, page: int | None) -> int:
        name = node.name.value
        if name in INTROSPECTION_FIELDS:
            return 1
        field = self._cost.schema.get_field(parent, name)
        if field is None:
            return 0
        type_ = get_named_type(field.type)
        own = self._cost.limits.field_costs.get(f"{parent.name}.{name}", int(is_composite_type(type_)))
        asked = self._cost.page_of(node, field, self._variables)
        if not _is_list(field):
            return own + (self.selection_set(node.selection_set, type_, asked) if is_composite_type(type_) else 0)
        size = next(known for known in (asked, page, self._cost.limits.assumed_page) if known is not None)
        return size * (own + (self.selection_set(node.selection_set, type_, None) if is_composite_type(type_) else 0))

    def _type(self, name: str) -> GraphQLCompositeType:
        type_ = self._cost.schema.get_type(name)
        assert is_composite_type(type_)
        return type_


def _is_list(field: GraphQLField) -> bool:
    return isinstance(get_nullable_type(field.type), GraphQLList)
