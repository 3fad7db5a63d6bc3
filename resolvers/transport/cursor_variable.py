"""Which of a subscription's variables only says where its client stands."""

from typing import Any

from graphql import DocumentNode, FieldNode, OperationDefinitionNode, VariableNode, Visitor, visit

from resolvers.transport.live import CURSOR_ARGUMENT


def cursor_variable(document: DocumentNode, node: OperationDefinitionNode) -> str | None:
    """The variable that is named twice: where it is defined, and as the cursor that the operation's field takes."""
    field = next(iter(node.selection_set.selections), None)  # the parser takes `{}`
    arguments = field.arguments or () if isinstance(field, FieldNode) else ()
    for argument in arguments:
        if argument.name.value == CURSOR_ARGUMENT and isinstance(argument.value, VariableNode):
            mentions = Mentions(argument.value.name.value)
            visit(document, mentions)
            return mentions.name if mentions.count == 2 else None
    return None


class Mentions(Visitor):
    """Counts where a variable is named."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.count = 0

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.count += node.name.value == self.name
