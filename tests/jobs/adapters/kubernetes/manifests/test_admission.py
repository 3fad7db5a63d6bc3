"""What the rules of configurations take, the validation of Kubernetes takes too."""

from copy import deepcopy

from hypothesis import given, settings

from embedded.kubernetes.admission.defaults import complete
from embedded.kubernetes.admission.rules import check
from embedded.kubernetes.kinds import built_in_resources
from embedded.kubernetes.schema.built_in import Definitions
from jobs.adapters.kubernetes.manifests import objects_of
from jobs.ports import Desired, ServiceRef
from tests.jobs.adapters.kubernetes.desires import desires

KINDS = built_in_resources(Definitions())


@settings(max_examples=60)
@given(desires())
def test_no_object_of_a_valid_configuration_is_refused(desire: tuple[ServiceRef, Desired]) -> None:
    for one in objects_of(*desire):
        resource = KINDS.of_kind(one["apiVersion"], one["kind"])
        assert resource is not None
        thing = deepcopy(one)
        complete(thing, resource)
        check(thing, resource, None)
