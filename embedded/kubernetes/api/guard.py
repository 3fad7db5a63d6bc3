"""Lets in who may do what a request asks for."""

from starlette.requests import Request

from embedded.kubernetes.access.authentication import Authentication
from embedded.kubernetes.access.authorization import Action, is_allowed
from embedded.kubernetes.access.users import User
from embedded.kubernetes.api.requests import APPLY_PATCH, Target, is_true, media_type
from embedded.kubernetes.errors import forbidden
from embedded.kubernetes.store import Store

_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch"}
_NAMED = "metadata.name="


class Guard:
    def __init__(self, store: Store, authentication: Authentication) -> None:
        self._store = store
        self._authentication = authentication

    def admit(self, request: Request) -> User:
        """Raises ApiError (401)."""
        return self._authentication.user_of(request)

    def check(self, request: Request, target: Target) -> User:
        """Raises ApiError: 401 or 403."""
        user = self.admit(request)
        self._check(user, _verb(request, target), target, _name(request, target))
        applies = request.method == "PATCH" and media_type(request) == APPLY_PATCH
        if applies and not self._store.get(target.resource.name, target.namespace, target.name):
            # an apply that creates is a create, too
            self._check(user, "create", target, target.name)
        return user

    def _check(self, user: User, verb: str, target: Target, name: str) -> None:
        plural = target.resource.plural
        resource = f"{plural}/{target.subresource}" if target.subresource else plural
        # what is a namespace is asked for inside of it
        namespace = target.name if plural == "namespaces" and not target.resource.group else target.namespace
        action = Action(verb, target.resource.group, resource, namespace, name)
        if not is_allowed(self._store, user, action):
            raise forbidden(target.resource, target.name, f'User "{user.name}" cannot {action}')


def _verb(request: Request, target: Target) -> str:
    if request.method == "GET":
        if is_true(request, "watch"):
            return "watch"
        return "get" if target.name else "list"
    if request.method == "DELETE":
        return "delete" if target.name else "deletecollection"
    return _VERBS[request.method]


def _name(request: Request, target: Target) -> str:
    """A list or watch of one object by its name is of that object."""
    selector = request.query_params.get("fieldSelector", "")
    named = selector.removeprefix(_NAMED) if selector.startswith(_NAMED) and "," not in selector else ""
    return target.name or named
