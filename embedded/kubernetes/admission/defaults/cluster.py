"""Namespaces, definitions of custom kinds, webhooks."""

from embedded.kubernetes.admission.defaults.filling import fill
from embedded.kubernetes.objects import Object, made, name_of, parts


def complete_namespace(namespace: Object) -> None:
    fill(made(namespace, "status"), phase="Active")
    made(namespace, "metadata", "labels")["kubernetes.io/metadata.name"] = name_of(namespace)


def complete_definition(definition: Object) -> None:
    spec = made(definition, "spec")
    fill(spec, conversion={"strategy": "None"})
    names = made(spec, "names")
    kind = names.get("kind", "")
    fill(names, singular=kind.lower(), listKind=f"{kind}List")


def complete_webhooks(configuration: Object) -> None:
    for webhook in parts(configuration, "webhooks"):
        fill(
            webhook,
            failurePolicy="Fail",
            matchPolicy="Equivalent",
            timeoutSeconds=10,
            namespaceSelector={},
            objectSelector={},
        )
        if service := webhook.get("clientConfig", {}).get("service"):
            fill(service, port=443)
        for rule in parts(webhook, "rules"):
            fill(rule, scope="*")
