"""StatefulSets: most of their spec never changes."""

from collections.abc import Iterator

from embedded.kubernetes.admission.rules.claims import check_claim_spec
from embedded.kubernetes.admission.rules.workloads import check_workload
from embedded.kubernetes.causes import Cause, forbidden, unsupported
from embedded.kubernetes.objects import Object, part, parts

_MAY_CHANGE = (
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
)
_WHY = (
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)
_POLICIES = ("OrderedReady", "Parallel")
_STRATEGIES = ("RollingUpdate", "OnDelete")


def check_stateful_set(stateful_set: Object, before: Object | None) -> Iterator[Cause]:
    spec = part(stateful_set, "spec")
    if before is not None and _fixed(spec) != _fixed(part(before, "spec")):
        yield forbidden("spec", _WHY)
        return
    yield from check_workload(stateful_set, None)
    if spec.get("podManagementPolicy") not in _POLICIES:
        yield unsupported("spec.podManagementPolicy", spec.get("podManagementPolicy"), _POLICIES)
    if part(spec, "updateStrategy").get("type") not in _STRATEGIES:
        yield unsupported("spec.updateStrategy.type", part(spec, "updateStrategy").get("type"), _STRATEGIES)
    for place, claim in enumerate(parts(spec, "volumeClaimTemplates")):
        yield from check_claim_spec(part(claim, "spec"), f"spec.volumeClaimTemplates[{place}].spec")


def _fixed(spec: Object) -> Object:
    fixed = {name: value for name, value in spec.items() if name not in _MAY_CHANGE}
    # the status in a claim's template says nothing
    fixed["volumeClaimTemplates"] = [
        {name: value for name, value in claim.items() if name != "status"}
        for claim in parts(spec, "volumeClaimTemplates")
    ]
    return fixed
