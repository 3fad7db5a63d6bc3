"""What is asked before each change outside."""

from collections.abc import Callable

#: Raises when its holder may no longer act.
Guard = Callable[[], None]
