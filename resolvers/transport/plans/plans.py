"""Plans: what graphql-core would find out anew for every object, found out once for an operation.

A plan reads plain attributes of the objects of one type, and whatever is below them, in one go. Where anything is
unusual it raises, and nothing has happened: graphql-core executes the same once more, and says what is wrong.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from types import NoneType
from typing import NoReturn

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    TypeNameMetaFieldDef,
    is_abstract_type,
    is_leaf_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from resolvers.transport.plans.arguments import arguments_of
from resolvers.transport.plans.bulk import (
    Bulk,
    Completion,
    in_bulk,
    lists,
    loaded_by,
    nullables,
    objects,
    read_by,
)
from resolvers.transport.plans.composites import Placeless, abstract, admission, listing, nullable
from resolvers.transport.plans.conditions import depends_on_variables
from resolvers.transport.plans.fields import attribute_of, definition_of, function_of_the_object, load_of
from resolvers.transport.plans.leaves import Complete, Unusual, leaf
from resolvers.transport.plans.readers import Attribute, Computed, Constant, Readable, reader
from resolvers.transport.plans.variables import PlainVariables

#: Where nothing depends on them.
NO_VARIABLES = VariableValues({}, {})


@dataclass(frozen=True, slots=True)
class Plan:
    """`read` gives an object's response, with null for each field of `rest`, which graphql-core has to execute.

    `bulk` does it all, where whatever is left can be loaded for many objects at once.
    """

    read: Complete
    rest: GroupedFieldSet
    bulk: Bulk | None


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
        self.variables = PlainVariables(schema, operation)
        self._of_objects: dict[tuple[int, ...], Plan | None] = {}
        self._of_lists: dict[tuple[int, ...], Completion | None] = {}

    @cached_property
    def of_query(self) -> Bulk | None:
        """What does all of a query, given its root, without graphql-core. None: graphql-core begins."""
        type_ = self._schema.query_type
        selections = self._operation.selection_set
        if self._operation.operation is not OperationType.QUERY or depends_on_variables(selections, self.fragments):
            return None
        assert type_ is not None
        selected = collect_fields(self._schema, self.fragments, NO_VARIABLES, type_, self._operation, False)
        try:
            return self._selection(type_, selected.grouped_field_set, {NoneType}, _refuse).bulk
        except Unusual:
            return None

    def of_object(self, type_: GraphQLObjectType, fields: FieldDetailsList) -> Plan | None:
        """How objects of the type are answered in these fields. None: by graphql-core alone."""
        key = (id(type_), *[id(field.node) for field in fields])
        if key not in self._of_objects:
            self._of_objects[key] = self._plan(type_, fields)
        return self._of_objects[key]

    def of_list(self, type_: GraphQLList[GraphQLOutputType], fields: FieldDetailsList) -> Completion | None:
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
        known: set[type] = set()
        try:
            return self._selection(
                type_, selected.grouped_field_set, known, admission(type_, self._info(fields), known)
            )
        except Unusual:
            return None

    def _selection(
        self, type_: GraphQLObjectType, selected: GroupedFieldSet, known: set[type], admit: Complete
    ) -> Plan:
        """`known` and `admit` as `reader` has them. Raises Unusual."""
        read: dict[str, Readable] = {}
        rest: GroupedFieldSet = {}
        bulk: dict[str, Bulk] = {}
        for response_name, details in selected.items():
            answer = self._field(type_, details)
            if answer is None or isinstance(answer, Bulk):
                rest[response_name] = details
            if isinstance(answer, Bulk):
                bulk[response_name] = answer
            read[response_name] = answer if isinstance(answer, Readable) else Constant(None)
        read_object = reader(read, known, admit)
        return Plan(read_object, rest, objects(read_object, bulk) if rest and len(bulk) == len(rest) else None)

    def _field(self, parent: GraphQLObjectType, details: FieldDetailsList) -> Readable | Bulk | None:
        """How the field is answered. None: by graphql-core alone."""
        try:
            return self._known(parent, details)
        except Unusual:
            return None

    def _known(self, parent: GraphQLObjectType, details: FieldDetailsList) -> Readable | Bulk:
        """Raises Unusual."""
        node = details[0].node
        field = self._schema.get_field(parent, node.name.value)
        if field is TypeNameMetaFieldDef:
            return Constant(parent.name)
        if field is None:
            raise Unusual
        definition = definition_of(field)
        completion = self._completion(field.type, details)
        load = load_of(definition)
        if load is not None:
            return loaded_by(load, arguments_of(definition, field, details[0]), in_bulk(completion))
        if field.args:
            raise Unusual
        get = function_of_the_object(definition) or attribute_of(definition)
        if isinstance(completion, Bulk):
            return read_by(attrgetter(get) if isinstance(get, str) else get, completion)
        if isinstance(get, str):
            return Attribute(get, field.type, completion)
        return Computed(get, field.type, completion)

    def _completion(self, type_: GraphQLOutputType, fields: FieldDetailsList) -> Completion:
        """What completes values of the type. Raises Unusual."""
        if isinstance(type_, GraphQLNonNull):
            return self._required(type_.of_type, fields)
        completion = self._required(type_, fields)
        return nullables(completion) if isinstance(completion, Bulk) else nullable(completion)

    def _required(self, type_: GraphQLOutputType, fields: FieldDetailsList) -> Completion:
        if isinstance(type_, GraphQLList):
            completion = self._completion(type_.of_type, fields)
            return lists(completion) if isinstance(completion, Bulk) else listing(completion)
        if is_leaf_type(type_):
            return leaf(type_)
        if is_abstract_type(type_):
            return abstract(type_, self._info(fields), lambda runtime_type: self._read(runtime_type, fields))
        assert is_object_type(type_)
        plan = self.of_object(type_, fields)
        return plan.bulk if plan and plan.bulk else self._read(type_, fields)

    def _read(self, type_: GraphQLObjectType, fields: FieldDetailsList) -> Complete:
        """Completes objects of which nothing is left to be loaded or executed. Raises Unusual."""
        plan = self.of_object(type_, fields)
        if plan is None or plan.rest:
            raise Unusual
        return plan.read

    def _info(self, fields: FieldDetailsList) -> Placeless:
        return Placeless(self._schema, fields[0].node.name.value)


def _refuse(_root: object) -> NoReturn:
    raise Unusual
