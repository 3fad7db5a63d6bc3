"""Which subscriptions are the same one."""

from collections.abc import Hashable

import orjson

from resolvers.transport.callers import Caller
from resolvers.transport.engine import PreparedOperation


def share_key(prepared: PreparedOperation, caller: Caller) -> Hashable:
    """Equal for subscriptions whose clients get the same responses to the same events. None: shared with nobody."""
    if caller.share_key is None:
        return None
    request = prepared.request
    cursor = prepared.operation.cursor_variable
    variables = {name: value for name, value in request.variables.items() if name != cursor}
    rest = orjson.dumps([variables, request.extensions], option=orjson.OPT_SORT_KEYS)
    return request.query, request.operation_name, rest, caller.share_key
