"""What the server refuses, worded as a Kubernetes API server words it."""

from collections.abc import Sequence

from embedded.kubernetes.causes import Cause
from embedded.kubernetes.objects import Object
from embedded.kubernetes.resources import Resource


class ApiError(Exception):
    """Answered to the client as a Status."""

    def __init__(self, code: int, reason: str, message: str, details: Object | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.status: Object = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": message,
            "reason": reason,
            **({"details": details} if details else {}),
            "code": code,
        }


def bad_request(message: str) -> ApiError:
    return ApiError(400, "BadRequest", message)


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized", "Unauthorized")


def forbidden(resource: Resource, name: str, why: str, causes: Sequence[Cause] = ()) -> ApiError:
    named = f' "{name}"' if name else ""
    details = _details(resource, name, causes)
    return ApiError(403, "Forbidden", f"{resource.name}{named} is forbidden: {why}", details)


def not_found(resource: Resource, name: str) -> ApiError:
    return ApiError(404, "NotFound", f'{resource.name} "{name}" not found', _details(resource, name))


def no_such_path() -> ApiError:
    return ApiError(404, "NotFound", "the server could not find the requested resource", {})


def method_not_allowed() -> ApiError:
    return ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {})


def not_acceptable(accepted: str) -> ApiError:
    message = f"only the following media types are accepted: {accepted}"
    return ApiError(406, "NotAcceptable", message)


def already_exists(resource: Resource, name: str) -> ApiError:
    return ApiError(409, "AlreadyExists", f'{resource.name} "{name}" already exists', _details(resource, name))


def conflict(resource: Resource, name: str, why: str) -> ApiError:
    message = f'Operation cannot be fulfilled on {resource.name} "{name}": {why}'
    return ApiError(409, "Conflict", message, _details(resource, name))


def modified(resource: Resource, name: str) -> ApiError:
    why = "the object has been modified; please apply your changes to the latest version and try again"
    return conflict(resource, name, why)


def apply_conflict(message: str, causes: Sequence[Cause]) -> ApiError:
    return ApiError(409, "Conflict", message, {"causes": [_cause(one) for one in causes]})


def expired(message: str) -> ApiError:
    return ApiError(410, "Expired", message)


def too_large(most: int) -> ApiError:
    return ApiError(413, "RequestEntityTooLarge", f"Request entity too large: limit is {most}")


def unsupported_media_type(accepted: Sequence[str]) -> ApiError:
    choice = ", ".join(accepted)
    message = f"the body of the request was in an unknown format - accepted media types include: {choice}"
    return ApiError(415, "UnsupportedMediaType", message)


def invalid(resource: Resource, name: str, causes: Sequence[Cause]) -> ApiError:
    told = [str(one) for one in causes]
    text = told[0] if len(told) == 1 else f"[{', '.join(told)}]"
    details = {**_details(resource, name, causes), "kind": resource.kind}
    return ApiError(422, "Invalid", f'{resource.kind_name} "{name}" is invalid: {text}', details)


def invalid_options(kind: str, cause: Cause) -> ApiError:
    details = {"group": "meta.k8s.io", "kind": kind, "causes": [_cause(cause)]}
    return ApiError(422, "Invalid", f'{kind}.meta.k8s.io "" is invalid: {cause}', details)


def unprocessable(message: str) -> ApiError:
    return ApiError(422, "Invalid", f"the server rejected our request due to an error in our request: {message}", {})


def internal(message: str) -> ApiError:
    details = {"causes": [{"message": message}]}
    return ApiError(500, "InternalError", f"Internal error occurred: {message}", details)


def unavailable(message: str = "service unavailable") -> ApiError:
    return ApiError(503, "ServiceUnavailable", message)


def _details(resource: Resource, name: str, causes: Sequence[Cause] = ()) -> Object:
    details: Object = {"name": name} if name else {}
    if resource.group:
        details["group"] = resource.group
    details["kind"] = resource.plural
    if causes:
        details["causes"] = [_cause(one) for one in causes]
    return details


def _cause(cause: Cause) -> Object:
    return {"reason": cause.reason, "message": cause.message, "field": cause.field}
