"""What holds for every object of every service."""

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.adapters.kubernetes.json import JsonObject, annotations_of, labels_of, part, parts
from jobs.adapters.kubernetes.kinds import APPLIED, kind_of
from jobs.adapters.kubernetes.labels import OPERATION, REVISION, is_ours, selector, service_labels
from jobs.adapters.kubernetes.manifests import objects_of
from jobs.ports import Desired, ServiceRef
from models.configuration import ServiceConfiguration, Volume
from models.configuration.rules import Place, check
from models.vocabulary import ServiceKind
from tests.jobs.adapters.kubernetes.desires import ENVIRONMENT, IMAGE, a_desire, a_service, desires
from tests.jobs.adapters.kubernetes.schemas import problems
from tests.strategies import DOMAIN, configurations

#: One draw has most of what there is; the schemas get the usual number.
_FEW = settings(max_examples=40)
_LABEL_VALUE = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_SUBDOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LABEL_NAMED = {"Service", "StatefulSet", "CronJob"}


@given(st.sampled_from(ServiceKind).flatmap(lambda kind: st.tuples(st.just(kind), configurations(kind))))
def test_the_generated_configurations_are_valid(generated: tuple[ServiceKind, ServiceConfiguration]) -> None:
    kind, configuration = generated
    assert check(configuration, kind, Place(DOMAIN)) == []


@given(desires())
def test_the_last_three_versions_of_kubernetes_take_every_object(desire: tuple[ServiceRef, Desired]) -> None:
    for one in objects_of(*desire):
        assert problems(one) == []


@_FEW
@given(desires())
def test_every_object_is_marked_as_ours(desire: tuple[ServiceRef, Desired]) -> None:
    service, desired = desire
    for one in objects_of(service, desired):
        assert is_ours(one, ENVIRONMENT, service)
        assert one["metadata"]["namespace"] == ENVIRONMENT.namespace
        assert annotations_of(one).items() >= {OPERATION: "17", REVISION: "3"}.items()
        assert all(_LABEL_VALUE.fullmatch(value) for value in labels_of(one).values())


@_FEW
@given(desires())
def test_pods_carry_the_labels_that_they_are_selected_by_and_nothing_that_changes(
    desire: tuple[ServiceRef, Desired],
) -> None:
    service, desired = desire
    for template in _pod_templates(objects_of(service, desired)):
        assert labels_of(template) == service_labels(service)
        assert labels_of(template).items() >= selector(service).items()
        assert OPERATION not in annotations_of(template)
        assert REVISION not in annotations_of(template)


@_FEW
@given(desires())
def test_equal_input_gives_equal_objects_in_the_order_of_applying(desire: tuple[ServiceRef, Desired]) -> None:
    service, desired = desire
    objects = objects_of(service, desired)
    assert json.dumps(objects) == json.dumps(objects_of(service, desired))
    order = [APPLIED.index(kind_of(one["kind"])) for one in objects]
    assert order == sorted(order)


@_FEW
@given(desires())
def test_names_are_within_their_limits_and_unique(desire: tuple[ServiceRef, Desired]) -> None:
    objects = objects_of(*desire)
    names = [(one["kind"], one["metadata"]["name"]) for one in objects]
    assert len(set(names)) == len(names)
    for kind, name in names:
        assert _SUBDOMAIN.fullmatch(name)
        # a StatefulSet's and a CronJob's pods get a hash or a time behind it, which must fit a label
        assert kind not in _LABEL_NAMED or len(name) <= 52


def test_services_never_want_the_same_object_however_their_names_are_put_together() -> None:
    names = ["a", "a-b", "a-b-c", "b", "b-c", "c"]
    volumes = [Volume(name=name, mount_path=f"/{name}", size_gib=1) for name in names]
    wanted = [
        (one["kind"], one["metadata"]["name"])
        for kind in (ServiceKind.APPLICATION, ServiceKind.DATASOURCE)
        for name in names
        for one in objects_of(a_service(kind, f"{kind[0].lower()}-{name}"), a_desire(volumes=volumes))
    ]
    assert len(set(wanted)) == len(wanted) == 2 * len(names) * len(names) + 6 + 2 * 6


@_FEW
@given(desires())
def test_pods_have_safe_defaults(desire: tuple[ServiceRef, Desired]) -> None:
    [template] = _pod_templates(objects_of(*desire))
    spec = template["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    [container] = parts(spec, "containers")
    assert container["securityContext"] == {"allowPrivilegeEscalation": False}
    assert container["image"] == IMAGE


@_FEW
@given(desires())
def test_whatever_refers_to_an_object_of_ours_finds_it(desire: tuple[ServiceRef, Desired]) -> None:
    """Claims, config maps and secrets of pods; services of ingresses and stateful sets; targets of autoscalers."""
    objects = objects_of(*desire)
    there = {(one["kind"], one["metadata"]["name"]) for one in objects}
    [template] = _pod_templates(objects)
    [container] = parts(template, "spec", "containers")
    wanted = {
        ("PersistentVolumeClaim", one["persistentVolumeClaim"]["claimName"])
        for one in template["spec"].get("volumes", [])
    }
    for source in parts(container, "envFrom"):
        wanted |= {("ConfigMap", one["name"]) for one in [part(source, "configMapRef")] if one}
        wanted |= {("Secret", one["name"]) for one in [part(source, "secretRef")] if one}
    for one in objects:
        if one["kind"] == "Ingress":
            paths = [path for rule in parts(one, "spec", "rules") for path in parts(rule, "http", "paths")]
            wanted |= {("Service", path["backend"]["service"]["name"]) for path in paths}
        if one["kind"] == "StatefulSet":
            wanted.add(("Service", one["spec"]["serviceName"]))
        if one["kind"] == "HorizontalPodAutoscaler":
            target = one["spec"]["scaleTargetRef"]
            wanted.add((target["kind"], target["name"]))
    assert wanted <= there


def _pod_templates(objects: list[JsonObject]) -> list[JsonObject]:
    specs = [part(one, "spec", "jobTemplate", "spec") or part(one, "spec") for one in objects]
    return [spec["template"] for spec in specs if "template" in spec]
