"""Limits on the shape of a document: what can be counted without a schema."""

from collections.abc import Iterator
from typing import cast

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from resolvers.transport.limits import TransportLimits
from resolvers.transport.refusals import Code

INTROSPECTION_FIELDS = frozenset({"__schema", "__type"})


def refused(message: str, code: Code, node: Node | None = None) -> GraphQLError:
    return GraphQLError(message, node, extensions={"code": code})


def count_errors(document: DocumentNode, limits: TransportLimits) -> Iterator[GraphQLError]:
    """Too many of something. Looks at each node once, so it is safe to ask before validation."""
    selections = list(_selections(document))
    if len(selections) > limits.selections:
        yield refused(f"More than {limits.selections} selections.", Code.SELECTION_LIMIT_EXCEEDED)
    aliases = sum(isinstance(node, FieldNode) and node.alias is not None for node in selections)
    if aliases > limits.aliases:
        yield refused(f"{aliases} aliases; at most {limits.aliases} are allowed.", Code.ALIAS_LIMIT_EXCEEDED)
    for node in (*document.definitions, *selections):
        count = len(cast("SelectionNode", node).directives or ())
        if count > limits.directives:
            message = f"{count} directives in one place; at most {limits.directives} are allowed."
            yield refused(message, Code.DIRECTIVE_LIMIT_EXCEEDED, node)
            break
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            count = len(definition.selection_set.selections)
            if count > limits.root_fields:
                message = f"{count} root fields; at most {limits.root_fields} are allowed."
                yield refused(message, Code.SELECTION_LIMIT_EXCEEDED, definition)


def depth_errors(document: DocumentNode, limits: TransportLimits) -> Iterator[GraphQLError]:
    """Too deep, fragments followed. Asked after validation: fragments exist and form no cycle."""
    measure = Depth(document)
    for definition in document.definitions:
        if not isinstance(definition, OperationDefinitionNode):
            continue
        fields, introspection = measure.of(definition.selection_set)
        if fields > limits.depth:
            message = f"The operation is {fields} levels deep; at most {limits.depth} are allowed."
            yield refused(message, Code.DEPTH_LIMIT_EXCEEDED, definition)
        if introspection > limits.introspection_depth:
            message = f"Introspection is {introspection} levels deep; at most {limits.introspection_depth} are allowed."
            yield refused(message, Code.DEPTH_LIMIT_EXCEEDED, definition)


class Depth:
    """How deep selections go: for ordinary fields, and for what is asked of the schema itself."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._known = dict[str, tuple[int, int]]()

    def of(self, selection_set: SelectionSetNode | None) -> tuple[int, int]:
        depths = [self._of_selection(selection) for selection in (selection_set.selections if selection_set else ())]
        return max((depth for depth, _ in depths), default=0), max((depth for _, depth in depths), default=0)

    def _of_selection(self, selection: SelectionNode) -> tuple[int, int]:
        if isinstance(selection, FragmentSpreadNode):
            return self._of_fragment(selection.name.value)
        if isinstance(selection, InlineFragmentNode):
            return self.of(selection.selection_set)
        fields, introspection = self.of(cast("FieldNode", selection).selection_set)
        if cast("FieldNode", selection).name.value in INTROSPECTION_FIELDS:
            return 1, fields + 1
        return fields + 1, introspection

    def _of_fragment(self, name: str) -> tuple[int, int]:
        if name not in self._known:
            self._known[name] = self.of(self._fragments[name].selection_set)
        return self._known[name]


def root_fields(document: DocumentNode, operation: OperationDefinitionNode) -> int:
    """How many fields an operation has at its root, fragments followed. Asked after validation."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    known = dict[str, int]()

    def count(selection_set: SelectionSetNode) -> int:
        return sum(count_one(selection) for selection in selection_set.selections)

    def count_one(selection: SelectionNode) -> int:
        if isinstance(selection, InlineFragmentNode):
            return count(selection.selection_set)
        if not isinstance(selection, FragmentSpreadNode):
            return 1
        name = selection.name.value
        if name not in known:
            known[name] = count(fragments[name].selection_set)
        return known[name]

    return count(operation.selection_set)


def _selections(document: DocumentNode) -> Iterator[SelectionNode]:
    definitions = (node for node in document.definitions if isinstance(node, ExecutableDefinitionNode))
    waiting: list[SelectionSetNode] = [node.selection_set for node in definitions]
    while waiting:
        for selection in waiting.pop().selections:
            yield selection
            inner = cast("SelectionSetNode | None", getattr(selection, "selection_set", None))
            if inner is not None:
                waiting.append(inner)
