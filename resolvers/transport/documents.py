"""Documents, parsed, validated and measured once. Invalid ones are remembered as well."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLFormattedError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from resolvers.transport.cost import OperationCost
from resolvers.transport.cursor_variable import cursor_variable
from resolvers.transport.discretion import Discretion
from resolvers.transport.limits import TransportLimits
from resolvers.transport.masking import describe
from resolvers.transport.plans.plans import Plans
from resolvers.transport.refusals import Code, Refusal, refuse
from resolvers.transport.structure import count_errors, depth_errors, refused, root_fields

MOST_ERRORS = 20
#: Longer texts are read anew each time, so that the memory of the cache is bounded.
LONGEST_REMEMBERED = 32 * 1024


@dataclass(frozen=True, slots=True)
class Operation:
    """One executable operation of a valid document."""

    document: DocumentNode
    node: OperationDefinitionNode
    cost: OperationCost
    plans: Plans
    #: How many fields its root may have at most, fragments followed.
    root_fields: int
    #: The variable that only says where the client of a live subscription stands.
    cursor_variable: str | None

    @property
    def kind(self) -> OperationType:
        return self.node.operation


@dataclass(frozen=True, slots=True)
class Document:
    """What is known about a text: its operations by name, or why there are none."""

    operations: Mapping[str | None, Operation]
    errors: Sequence[GraphQLFormattedError] = ()

    def operation(self, name: str | None) -> Operation:
        """The operation to execute: the one named, or the only one."""
        if self.errors:
            raise Refusal(self.errors, understood=True)
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is None:
            raise refuse("`operationName` must say which operation to execute.", Code.OPERATION_RESOLUTION_FAILURE)
        if name not in self.operations:
            raise refuse(f"There is no operation named {name!r}.", Code.OPERATION_RESOLUTION_FAILURE)
        return self.operations[name]


class Documents:
    """Reads documents for one schema; the texts that came last are remembered."""

    def __init__(self, schema: GraphQLSchema, limits: TransportLimits, discretion: Discretion) -> None:
        self._schema = schema
        self._limits = limits
        self._discretion = discretion
        self._rules = tuple(_rules(limits))
        self._remembered = lru_cache(limits.documents_remembered)(self._read)

    def of(self, text: str) -> Document:
        return self._remembered(text) if len(text) <= LONGEST_REMEMBERED else self._read(text)

    def _read(self, text: str) -> Document:
        try:
            document = parse(text, max_tokens=self._limits.tokens)
        except GraphQLSyntaxError as error:
            return Document({}, [describe(error, _syntax_code(error))])
        errors = self._errors(document)
        if errors:
            hide = self._discretion.towards(text, {})
            return Document({}, [describe(error, Code.GRAPHQL_VALIDATION_FAILED, hide) for error in errors])
        return Document({_name(node): self._operation(document, node) for node in _operations(document)})

    def _errors(self, document: DocumentNode) -> list[GraphQLError]:
        """Cheap limits first: validation can be slow on what they refuse."""
        errors = list(count_errors(document, self._limits))
        if errors:
            return errors
        hide_suggestions = not self._limits.introspection
        errors = validate(self._schema, document, self._rules, MOST_ERRORS, hide_suggestions=hide_suggestions)
        if errors:
            return errors
        try:
            return list(depth_errors(document, self._limits))
        except RecursionError:
            return [refused("Selections are nested too deeply.", Code.DEPTH_LIMIT_EXCEEDED)]

    def _operation(self, document: DocumentNode, node: OperationDefinitionNode) -> Operation:
        cost = OperationCost(self._schema, document, node, self._limits)
        plans = Plans(self._schema, document, node)
        return Operation(document, node, cost, plans, root_fields(document, node), cursor_variable(document, node))


def _rules(limits: TransportLimits) -> Iterator[type[ASTValidationRule]]:
    yield from specified_rules
    yield MaybeNullValidationRule
    yield OneOfInputValidationRule
    if not limits.introspection:
        yield NoSchemaIntrospectionCustomRule


def _operations(document: DocumentNode) -> Iterator[OperationDefinitionNode]:
    return (node for node in document.definitions if isinstance(node, OperationDefinitionNode))


def _name(node: OperationDefinitionNode) -> str | None:
    return node.name.value if node.name else None


def _syntax_code(error: GraphQLSyntaxError) -> Code:
    return Code.TOKEN_LIMIT_EXCEEDED if "tokens. Parsing aborted" in error.message else Code.GRAPHQL_PARSE_FAILED
