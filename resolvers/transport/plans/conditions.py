"""What a selection depends on besides its type."""

from collections.abc import Mapping

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode, VariableNode
from graphql.execution.collect_fields import FragmentDetails


def depends_on_variables(selections: SelectionSetNode | None, fragments: Mapping[str, FragmentDetails]) -> bool:
    """Whether variables decide which fields it has, by @skip and @include; the fields' own selections aside."""
    for node in selections.selections if selections else ():
        arguments = [argument for directive in node.directives or () for argument in directive.arguments or ()]
        if any(isinstance(argument.value, VariableNode) for argument in arguments):
            return True
        if not isinstance(node, FieldNode) and depends_on_variables(_inside(node, fragments), fragments):
            return True
    return False


def _inside(node: object, fragments: Mapping[str, FragmentDetails]) -> SelectionSetNode:
    if isinstance(node, FragmentSpreadNode):
        return fragments[node.name.value].definition.selection_set
    assert isinstance(node, InlineFragmentNode)
    return node.selection_set
