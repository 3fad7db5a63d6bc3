"""Environments in a cluster, and what tests put there."""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from jobs.adapters.kubernetes.api import APPLY, MERGE, Api
from jobs.adapters.kubernetes.json import JsonObject, condition, name_of, uid_of
from jobs.adapters.kubernetes.kinds import (
    CLAIM,
    DEPLOYMENT,
    NAMESPACE,
    PERSISTENT_VOLUME,
    POD,
    Kind,
)
from jobs.adapters.kubernetes.labels import (
    MANAGER,
    ON_DELETE,
    OPERATION,
    environment_labels,
    selector,
    service_labels,
)
from jobs.errors import NotYet
from jobs.ports import EnvironmentRef, ServiceRef
from models.vocabulary import ServiceKind

R = TypeVar("R")
BUILDS = "builds-of-nobody"
FENCE = 7
HOLD = "example.com/hold"


@dataclass(frozen=True)
class Place:
    """An environment with one service, `web`."""

    api: Api
    environment: EnvironmentRef
    service: ServiceRef

    @property
    def namespace(self) -> str:
        return self.environment.namespace

    def another(self, name: str) -> ServiceRef:
        return replace(self.service, id=f"svc_{uuid.uuid4().hex[:12]}", name=name)

    def make(self, kind: Kind, name: str, body: Mapping[str, Any] | None = None, **metadata: Any) -> JsonObject:
        """An object as somebody else makes it."""
        return make(self.api, kind, name, body, namespace=self.namespace, **metadata)

    def ours(
        self,
        kind: Kind,
        name: str,
        body: Mapping[str, Any] | None = None,
        service: ServiceRef | None = None,
        **metadata: Any,
    ) -> JsonObject:
        """An object as an operation of ours makes it."""
        annotations = {OPERATION: str(FENCE), **metadata.pop("annotations", {})}
        labels = service_labels(service or self.service)
        return self.make(kind, name, body, labels=labels, annotations=annotations, **metadata)

    def deployment(
        self,
        name: str = "web",
        *,
        replicas: int = 1,
        image: str = "example.com/app:1",
        service: ServiceRef | None = None,
    ) -> JsonObject:
        owner = service or self.service
        template = {"metadata": {"labels": service_labels(owner)}, "spec": pod_spec(image)}
        spec = {"replicas": replicas, "selector": {"matchLabels": selector(owner)}, "template": template}
        return self.apply(DEPLOYMENT, name, {"spec": spec}, owner)

    def apply(
        self,
        kind: Kind,
        name: str,
        body: Mapping[str, Any],
        service: ServiceRef | None = None,
        fence: int = FENCE,
        annotations: Mapping[str, str] | None = None,
    ) -> JsonObject:
        """As `Cluster.apply` writes it."""
        marks = {OPERATION: str(fence), **(annotations or {})}
        metadata = {"name": name, "labels": service_labels(service or self.service), "annotations": marks}
        return self.api.call(
            "PATCH",
            kind.path(self.namespace, name),
            query={"fieldManager": MANAGER, "force": True},
            body={"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata, **body},
            content_type=APPLY,
        )

    def volume(self, name: str, *, on_delete: str, reclaim: str = "Retain") -> tuple[JsonObject, JsonObject]:
        """A claim of ours, and the volume that is bound to it."""
        size = {"storage": "1Gi"}
        volume_name = f"{self.namespace}-{name}"
        claim = self.ours(
            CLAIM,
            name,
            {
                "spec": {
                    "accessModes": ["ReadWriteOnce"],
                    "resources": {"requests": size},
                    "storageClassName": "by-hand",
                    "volumeName": volume_name,
                }
            },
            annotations={ON_DELETE: on_delete},
        )
        spec = {
            "capacity": size,
            "accessModes": ["ReadWriteOnce"],
            "persistentVolumeReclaimPolicy": reclaim,
            "storageClassName": "by-hand",
            "hostPath": {"path": "/somewhere"},
            "claimRef": {
                "namespace": self.namespace,
                "name": name,
                "uid": uid_of(claim),
                "kind": "PersistentVolumeClaim",
            },
        }
        volume = make(self.api, PERSISTENT_VOLUME, volume_name, {"spec": spec})
        return claim, volume

    def names(self, kind: Kind) -> list[str]:
        return sorted(name_of(thing) for thing in self.api.items(kind.path(self.namespace)))

    def pods_run(self, number: int) -> None:
        """Waits until so many pods are ready."""

        def look() -> None:
            pods = self.api.items(POD.path(self.namespace))
            if sum(condition(pod, "Ready").get("status") == "True" for pod in pods) < number:
                raise NotYet("pods are being made")

        settled(look)

    def there(self, kind: Kind, name: str) -> bool:
        return self.api.find(kind.path(self.namespace, name)) is not None

    def release(self, kind: Kind, name: str) -> None:
        """Takes the finalizers off, as their controller would."""
        body = {"metadata": {"finalizers": None}}
        self.api.call("PATCH", kind.path(self.namespace, name), body=body, content_type=MERGE)


def make(
    api: Api,
    kind: Kind,
    name: str,
    body: Mapping[str, Any] | None = None,
    *,
    namespace: str | None = None,
    **metadata: Any,
) -> JsonObject:
    thing = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": name, **metadata}, **(body or {})}
    return api.call("POST", kind.path(namespace), query={"fieldManager": "kubectl-create"}, body=thing)


def pod_spec(image: str = "example.com/app:1") -> JsonObject:
    return {"containers": [{"name": "app", "image": image}], "terminationGracePeriodSeconds": 1}


def place(api: Api, *, ours: bool = True) -> Place:
    token = uuid.uuid4().hex[:10]
    environment = EnvironmentRef(
        id=f"env_{token}", name=f"e-{token}", project="shop", namespace=f"ns-{token}", domain="shop.example.com"
    )
    labels = environment_labels(environment) if ours else {}
    namespace = make(api, NAMESPACE, environment.namespace, labels=labels)
    if ours:
        environment = replace(environment, namespace_uid=uid_of(namespace))
    return Place(api, environment, ServiceRef(environment, f"svc_{token}", "web", ServiceKind.APPLICATION))


def settled(call: Callable[[], R], within: float = 30.0) -> R:
    """What the call gives when it no longer says NotYet; looks as a step does, but sooner."""
    end = time.monotonic() + within
    while True:
        try:
            return call()
        except NotYet as not_yet:
            if time.monotonic() > end:
                raise AssertionError(f"still waits: {not_yet.reason} {not_yet.blockers}") from not_yet
            time.sleep(0.05)


def config(**data: str) -> JsonObject:
    return {"data": data or {"key": "value"}}
