"""Plans: what graphql-core would find out anew for every object, found out once for an operation.

A plan reads plain attributes of the objects of one type, and whatever is below them, in one go. Where anything is
unusual it raises, and nothing has happened: graphql-core executes the same once more, and says what is wrong.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeNameMetaFieldDef,
    is_abstract_type,
    is_leaf_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails, GroupedFieldSet, collect_subfields
from graphql.execution.values import VariableValues

from resolvers.transport.plans.composites import Placeless, abstract, admission, listing, nullable
from resolvers.transport.plans.conditions import depends_on_variables
from resolvers.transport.plans.fields import attribute_of, definition_of, function_of_the_object
from resolvers.transport.plans.leaves import Complete, Unusual, leaf
from resolvers.transport.plans.readers import Attribute, Computed, Constant, Readable, reader

NO_VARIABLES = VariableValues({}, {})


@dataclass(frozen=True, slots=True)
class Plan:
    """`read` gives an object's response, with null for each field of `rest`, which graphql-core has to execute."""

    read: Complete
    rest: GroupedFieldSet


class Plans:
    """The plans of one operation, made as its selections are first met."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._operation = operation
        self.fragment_nodes = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.fragments = {name: FragmentDetails(node) for name, node in self.fragment_nodes.items()}
        self._of_objects: dict[tuple[int, ...], Plan | None] = {}
        self._of_lists: dict[tuple[int, ...], Complete | None] = {}

    def of_object(self, type_: GraphQLObjectType, fields: FieldDetailsList) -> Plan | None:
        """How objects of the type are answered in these fields. None: by graphql-core alone."""
        key = (id(type_), *[id(field.node) for field in fields])
        if key not in self._of_objects:
            self._of_objects[key] = self._plan(type_, fields)
        return self._of_objects[key]

    def of_list(self, type_: GraphQLList[GraphQLOutputType], fields: FieldDetailsList) -> Complete | None:
        """What completes a list of these fields. None: graphql-core."""
        key = (id(type_), *[id(field.node) for field in fields])
        if key not in self._of_lists:
            try:
                self._of_lists[key] = self._required(type_, fields)
            except Unusual:
                self._of_lists[key] = None
        return self._of_lists[key]

    def _plan(self, type_: GraphQLObjectType, fields: FieldDetailsList) -> Plan | None:
        if any(depends_on_variables(field.node.selection_set, self.fragments) for field in fields):
            return None
        selected = collect_subfields(self._schema, self.fragments, NO_VARIABLES, self._operation, type_, fields)
        read: dict[str, Readable] = {}
        rest: GroupedFieldSet = {}
        for response_name, details in selected.grouped_field_set.items():
            try:
                read[response_name] = self._field(type_, details)
            except Unusual:
                read[response_name] = Constant(None)
                rest[response_name] = details
        known: set[type] = set()
        try:
            return Plan(reader(read, known, admission(type_, self._info(fields), known)), rest)
        except Unusual:
            return None

    def _field(self, parent: GraphQLObjectType, details: FieldDetailsList) -> Readable:
        """Raises Unusual."""
        node = details[0].node
        field = self._schema.get_field(parent, node.name.value)
        if field is TypeNameMetaFieldDef:
            return Constant(parent.name)
        if field is None or field.args or node.arguments:
            raise Unusual
        complete = self._completion(field.type, details)
        definition = definition_of(field)
        function = function_of_the_object(definition)
        if function is not None:
            return Computed(function, field.type, complete)
        return Attribute(attribute_of(definition), field.type, complete)

    def _completion(self, type_: GraphQLOutputType, fields: FieldDetailsList) -> Complete:
        """What completes values of the type. Raises Unusual."""
        if isinstance(type_, GraphQLNonNull):
            return self._required(type_.of_type, fields)
        return nullable(self._required(type_, fields))

    def _required(self, type_: GraphQLOutputType, fields: FieldDetailsList) -> Complete:
        if isinstance(type_, GraphQLList):
            return listing(self._completion(type_.of_type, fields))
        if is_leaf_type(type_):
            return leaf(type_)
        if is_abstract_type(type_):
            return abstract(type_, self._info(fields), lambda runtime_type: self._whole(runtime_type, fields))
        assert is_object_type(type_)
        return self._whole(type_, fields)

    def _whole(self, type_: GraphQLObjectType, fields: FieldDetailsList) -> Complete:
        """Completes objects of which nothing is left to graphql-core. Raises Unusual."""
        plan = self.of_object(type_, fields)
        if plan is None or plan.rest:
            raise Unusual
        return plan.read

    def _info(self, fields: FieldDetailsList) -> Placeless:
        return Placeless(self._schema, fields[0].node.name.value)
