"""Whose an object is: ours, made for one of ours, the cluster's own, or somebody else's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from jobs.adapters.kubernetes.json import JsonObject, annotations_of, owners_of
from jobs.adapters.kubernetes.kinds import SERVICE, Kind
from jobs.adapters.kubernetes.labels import is_ours
from jobs.adapters.kubernetes.objects import Found
from jobs.ports import EnvironmentRef

#: What the cluster puts into every namespace, and makes again when it is deleted; the names are those of Kubernetes,
#: Istio and OpenShift.
_IN_EVERY_NAMESPACE = {
    ("", "ConfigMap"): frozenset({"kube-root-ca.crt", "istio-ca-root-cert", "openshift-service-ca.crt"}),
    ("", "ServiceAccount"): frozenset({"default", "builder", "deployer"}),
    ("rbac.authorization.k8s.io", "RoleBinding"): frozenset(
        {"system:image-pullers", "system:image-builders", "system:deployers"}
    ),
}
_ACCOUNTS = _IN_EVERY_NAMESPACE["", "ServiceAccount"]
#: What controllers keep beside the objects that they look after; worth nothing without them.
_KEPT_BY_CONTROLLERS = frozenset(
    {("", "Endpoints"), ("discovery.k8s.io", "EndpointSlice"), ("coordination.k8s.io", "Lease")}
)
#: On a Secret that is made for a service account: by OpenShift, by Kubernetes before 1.24, or on demand.
_ACCOUNT = "kubernetes.io/service-account.name"
#: On a Secret that cert-manager has made and can make again.
_CERTIFICATE = "cert-manager.io/certificate-name"


class Whose(Enum):
    OURS = auto()
    #: Owned by ours, so gone with it; or by what is gone already.
    DERIVED = auto()
    SYSTEM = auto()
    FOREIGN = auto()


def whose(found: Iterable[Found], environment: EnvironmentRef, kinds: Iterable[Kind]) -> Mapping[str, Whose]:
    """By uid. `found` is all that a namespace holds (or all with our labels) and `kinds` those that were asked for."""
    objects = {one.uid: one for one in found}
    services = frozenset(
        one.name for one in objects.values() if one.kind == SERVICE and is_ours(one.thing, environment)
    )
    judge = _Judge(environment, objects, frozenset((kind.group, kind.kind) for kind in kinds), services)
    return {uid: judge.of(one) for uid, one in objects.items()}


@dataclass(frozen=True)
class _Judge:
    environment: EnvironmentRef
    objects: Mapping[str, Found]
    asked: frozenset[tuple[str, str]]
    our_services: frozenset[str]
    verdicts: dict[str, Whose] = field(default_factory=dict[str, Whose])

    def of(self, one: Found) -> Whose:
        if one.uid not in self.verdicts:
            self.verdicts[one.uid] = Whose.FOREIGN  # in case its owners own each other
            self.verdicts[one.uid] = self._judge(one)
        return self.verdicts[one.uid]

    def _judge(self, one: Found) -> Whose:
        owners = [self._owner(reference) for reference in owners_of(one.thing)]
        if is_ours(one.thing, self.environment):
            derived = any(owner in (Whose.OURS, Whose.DERIVED) for owner, alive in owners if alive)
            return Whose.DERIVED if derived or self._follows_service(one) else Whose.OURS
        if owners and all(owner in (Whose.OURS, Whose.DERIVED) for owner, _ in owners):
            return Whose.DERIVED
        return Whose.SYSTEM if _is_system(one) else Whose.FOREIGN

    def _owner(self, reference: JsonObject) -> tuple[Whose, bool]:
        """Whose the owner is, and whether it is there. One that was asked for and is gone will be collected."""
        owner = self.objects.get(reference.get("uid", ""))
        if owner is not None:
            return self.of(owner), True
        group = reference.get("apiVersion", "").rpartition("/")[0]
        gone = (group, reference.get("kind", "")) in self.asked
        return (Whose.DERIVED if gone else Whose.FOREIGN), False

    def _follows_service(self, one: Found) -> bool:
        """Endpoints have their Service's labels and name, and no owner."""
        return one.kind.kind == "Endpoints" and one.name in self.our_services


def _is_system(one: Found) -> bool:
    kind = (one.kind.group, one.kind.kind)
    return (
        kind in _KEPT_BY_CONTROLLERS
        or one.name in _IN_EVERY_NAMESPACE.get(kind, ())
        or _CERTIFICATE in annotations_of(one.thing)
        or (kind == ("", "Secret") and annotations_of(one.thing).get(_ACCOUNT) in _ACCOUNTS)
    )
