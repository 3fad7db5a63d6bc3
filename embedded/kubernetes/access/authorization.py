"""What a user may do: roles and bindings (RBAC)."""

from collections.abc import Iterator
from dataclasses import dataclass

from embedded.kubernetes.access.users import AUTHENTICATED, User
from embedded.kubernetes.objects import Object, namespace_of, part, parts, texts
from embedded.kubernetes.store import Store

_GROUP = "rbac.authorization.k8s.io"
_CLUSTER_BINDINGS, _BINDINGS = f"clusterrolebindings.{_GROUP}", f"rolebindings.{_GROUP}"
_CLUSTER_ROLES, _ROLES = f"clusterroles.{_GROUP}", f"roles.{_GROUP}"
#: What everybody may ask.
_OPEN = ("selfsubjectaccessreviews", "selfsubjectreviews", "selfsubjectrulesreviews")


@dataclass(frozen=True)
class Action:
    verb: str
    group: str
    #: With its subresource: `deployments/scale`.
    resource: str
    namespace: str = ""
    name: str = ""

    def __str__(self) -> str:
        """As a refusal says it."""
        place = f'in the namespace "{self.namespace}"' if self.namespace else "at the cluster scope"
        return f'{self.verb} resource "{self.resource}" in API group "{self.group}" {place}'


def is_allowed(store: Store, user: User, action: Action) -> bool:
    if user.may_everything or (action.resource in _OPEN and AUTHENTICATED in user.groups):
        return True
    return any(_allows(rule, action) for rule in _rules_of(store, user, action.namespace))


def _rules_of(store: Store, user: User, namespace: str) -> Iterator[Object]:
    """Those that bind the user everywhere, and in the namespace."""
    bindings = store.all(_CLUSTER_BINDINGS) + (store.all(_BINDINGS, namespace) if namespace else [])
    for binding in bindings:
        if any(_is_subject(user, subject, namespace_of(binding)) for subject in parts(binding, "subjects")):
            reference = part(binding, "roleRef")
            own = reference.get("kind") == "Role"
            role = store.get(_ROLES if own else _CLUSTER_ROLES, namespace if own else "", reference.get("name", ""))
            yield from parts(role or {}, "rules")


def _is_subject(user: User, subject: Object, namespace: str) -> bool:
    kind, name = subject.get("kind"), subject.get("name", "")
    if kind == "ServiceAccount":
        return user.name == f"system:serviceaccount:{subject.get('namespace') or namespace}:{name}"
    return name in user.groups if kind == "Group" else name == user.name


def _allows(rule: Object, action: Action) -> bool:
    names = texts(rule, "resourceNames")
    return (
        _has(rule, "verbs", action.verb)
        and _has(rule, "apiGroups", action.group)
        and _names_resource(texts(rule, "resources"), action.resource)
        and (not names or action.name in names)
    )


def _has(rule: Object, field: str, value: str) -> bool:
    named = texts(rule, field)
    return value in named or "*" in named


def _names_resource(resources: list[str], wanted: str) -> bool:
    _, slash, subresource = wanted.partition("/")
    return wanted in resources or "*" in resources or (bool(slash) and f"*/{subresource}" in resources)
