"""Admission webhooks. Nothing in this cluster listens, so that each call fails, as with a webhook that is down."""

from typing import Literal

from embedded.kubernetes.errors import internal
from embedded.kubernetes.objects import Object, labels_of, namespace_of, part, parts, texts
from embedded.kubernetes.resources import Resource
from embedded.kubernetes.selectors import selects
from embedded.kubernetes.store import Store

Operation = Literal["CREATE", "UPDATE", "DELETE"]

_KINDS = (
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
)


def call(
    store: Store, resource: Resource, thing: Object, before: Object | None, operation: Operation, subresource: str
) -> None:
    """Raises ApiError (500) if a webhook whose failure counts (failurePolicy Fail) is to be asked."""
    if resource.name in _KINDS:
        return
    for kind in _KINDS:
        for configuration in store.all(kind):
            for webhook in parts(configuration, "webhooks"):
                if webhook["failurePolicy"] == "Fail" and _concerns(
                    store, webhook, resource, thing, before, operation, subresource
                ):
                    raise internal(_failure(store, webhook))


def _concerns(
    store: Store,
    webhook: Object,
    resource: Resource,
    thing: Object,
    before: Object | None,
    operation: Operation,
    subresource: str,
) -> bool:
    if not any(_rule_matches(rule, resource, operation, subresource) for rule in parts(webhook, "rules")):
        return False
    candidates = [thing, before] if before else [thing]
    if not any(selects(part(webhook, "objectSelector"), labels_of(one)) for one in candidates):
        return False
    if resource.name == "namespaces":
        return selects(part(webhook, "namespaceSelector"), labels_of(thing))
    namespace = store.get("namespaces", "", namespace_of(thing)) if resource.namespaced else None
    return namespace is None or selects(part(webhook, "namespaceSelector"), labels_of(namespace))


def _rule_matches(rule: Object, resource: Resource, operation: Operation, subresource: str) -> bool:
    wanted = f"{resource.plural}/{subresource}" if subresource else resource.plural
    every = f"*/{subresource}" if subresource else "*"
    scope = "Namespaced" if resource.namespaced else "Cluster"
    return (
        _names(rule, "operations", operation)
        and _names(rule, "apiGroups", resource.group)
        and _names(rule, "apiVersions", resource.version)
        and any(one in (wanted, every, "*/*", f"{resource.plural}/*") for one in texts(rule, "resources"))
        and rule.get("scope", "*") in ("*", scope)
    )


def _names(rule: Object, field: str, value: str) -> bool:
    named = texts(rule, field)
    return value in named or "*" in named


def _failure(store: Store, webhook: Object) -> str:
    client = part(webhook, "clientConfig")
    service = part(client, "service")
    query = f"?timeout={webhook['timeoutSeconds']}s"
    if service:
        name, namespace = service["name"], service["namespace"]
        url = f"https://{name}.{namespace}.svc:{service['port']}{service.get('path', '/')}{query}"
        found = store.get("services", namespace, name)
        why = f'no endpoints available for service "{name}"' if found else f'service "{name}" not found'
    else:
        url, why = f"{client.get('url', '')}{query}", "connect: connection refused"
    return f'failed calling webhook "{webhook["name"]}": failed to call webhook: Post "{url}": {why}'
