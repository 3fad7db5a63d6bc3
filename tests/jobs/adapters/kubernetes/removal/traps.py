"""What keeps real namespaces from going, for as long as a block lasts."""

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from jobs.adapters.kubernetes.kinds import Kind
from tests.jobs.adapters.kubernetes.places import Place, make

API_SERVICE = Kind("apiregistration.k8s.io/v1", "APIService", "apiservices", namespaced=False)
WEBHOOK = Kind(
    "admissionregistration.k8s.io/v1",
    "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations",
    namespaced=False,
)


@contextmanager
def broken_group(place: Place) -> Generator[str]:
    """A group that nobody serves."""
    spec = {
        "group": "broken.example.com",
        "version": "v1",
        "service": {"name": "nobody", "namespace": "default"},
        "groupPriorityMinimum": 1000,
        "versionPriority": 10,
    }
    with _present(place, API_SERVICE, "v1.broken.example.com", {"spec": spec}):
        yield "broken.example.com/v1"


@contextmanager
def failing_webhook(place: Place) -> Generator[str]:
    """Is asked before a ConfigMap of the namespace is deleted, and does not answer."""
    name = f"check-{uuid.uuid4().hex[:8]}.example.com"
    webhook = {
        "name": name,
        "rules": [{"operations": ["DELETE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"]}],
        "clientConfig": {"url": "https://127.0.0.1:1/check"},
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": place.namespace}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "failurePolicy": "Fail",
    }
    with _present(place, WEBHOOK, name, {"webhooks": [webhook]}):
        yield name


@contextmanager
def _present(place: Place, kind: Kind, name: str, body: dict[str, Any]) -> Generator[None]:
    """Something for the whole cluster."""
    make(place.api, kind, name, body)
    try:
        yield
    finally:
        place.api.call("DELETE", kind.path(name=name))
