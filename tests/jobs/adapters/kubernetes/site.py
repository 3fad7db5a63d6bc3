"""A service's place in the cluster, as people reach it who know nothing of the adapter."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from jobs.adapters.kubernetes.api import MERGE, Api
from jobs.adapters.kubernetes.json import JsonObject, name_of
from jobs.adapters.kubernetes.kinds import APPLIED, Kind
from jobs.ports import Desired, ServiceRef
from tests.jobs.adapters.kubernetes.desires import a_desire


@dataclass(frozen=True)
class Site:
    api: Api
    service: ServiceRef

    @property
    def namespace(self) -> str:
        return self.service.environment.namespace

    def desired(self, fence: int = 1, *, revision: int = 1, image: str | None = None, **fields: Any) -> Desired:
        """`fields` are those of the configuration, and `secrets`."""
        desired = a_desire(**fields)
        return replace(desired, fence=fence, revision=revision, image=image or desired.image)

    def elsewhere(self, namespace: str) -> ServiceRef:
        """The service in another namespace."""
        return replace(self.service, environment=replace(self.service.environment, namespace=namespace))

    def path(self, kind: Kind, name: str = "web") -> str:
        return kind.path(self.namespace, name)

    def find(self, kind: Kind, name: str = "web") -> JsonObject | None:
        return self.api.find(self.path(kind, name))

    def get(self, kind: Kind, name: str = "web") -> JsonObject:
        return self.api.call("GET", self.path(kind, name))

    def post(
        self, kind: Kind, body: JsonObject, name: str = "web", *, manager: str = "kubectl-create", **metadata: Any
    ) -> JsonObject:
        """An object as somebody else makes it."""
        thing = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": name, **metadata}, **body}
        return self.api.call("POST", kind.path(self.namespace), query={"fieldManager": manager}, body=thing)

    def edit(
        self, kind: Kind, body: JsonObject, name: str = "web", *, manager: str = "kubectl-edit", subresource: str = ""
    ) -> JsonObject:
        """Changes an object as somebody else does."""
        path = self.path(kind, name) + (f"/{subresource}" if subresource else "")
        return self.api.call("PATCH", path, query={"fieldManager": manager}, body=body, content_type=MERGE)

    def delete(self, kind: Kind, name: str = "web") -> None:
        self.api.call("DELETE", self.path(kind, name))

    def everything(self) -> Mapping[tuple[str, str], JsonObject]:
        """All objects of the kinds that we apply, by kind and name; not what the cluster puts into each namespace."""
        found = [(kind, thing) for kind in APPLIED for thing in self.api.items(kind.path(self.namespace))]
        return {(kind.kind, name_of(thing)): thing for kind, thing in found if name_of(thing) != "kube-root-ca.crt"}
