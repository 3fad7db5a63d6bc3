"""Contexts of operations and of events."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

#: Events that go out at about the same time.
KEPT = 500


class EventContexts:
    """One context for each event that different subscriptions execute: what one of them loads serves the others."""

    def __init__(self) -> None:
        self._contexts = OrderedDict[Hashable, object]()

    def of(self, event: Hashable, make_context: Callable[[], object]) -> object:
        """The event's context. The event is named together with all that its contexts depend on."""
        context = self._contexts.get(event)
        if context is None:
            context = self._contexts[event] = make_context()
            if len(self._contexts) > KEPT:
                self._contexts.popitem(last=False)
        return context
