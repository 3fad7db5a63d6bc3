"""Arguments that several subscriptions take."""

from typing import Annotated, TypeAlias

import strawberry

After: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="The `cursor` of the last transition that the client has: it gets every one behind that. An error "
        "with the code CURSOR_INVALID, CURSOR_AHEAD or CURSOR_EXPIRED says that it has to start over without."
    ),
]
