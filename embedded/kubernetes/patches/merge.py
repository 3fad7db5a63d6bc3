"""JSON merge patch (RFC 7396)."""

from typing import Any, cast

from embedded.kubernetes.objects import Object


def merged(target: Any, patch: Any) -> Any:
    """The target with the patch over it. Neither is changed."""
    if not isinstance(patch, dict):
        return patch
    result: Object = dict(cast("Object", target)) if isinstance(target, dict) else {}
    for name, value in cast("Object", patch).items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result
