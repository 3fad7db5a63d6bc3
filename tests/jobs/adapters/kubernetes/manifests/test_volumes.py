"""Persistent volume claims."""

import pytest

from jobs.adapters.kubernetes.json import annotations_of, name_of
from jobs.adapters.kubernetes.labels import ON_DELETE
from jobs.adapters.kubernetes.manifests import objects_of
from models.configuration import Schedule, Volume
from models.vocabulary import ServiceKind, VolumePolicy
from tests.jobs.adapters.kubernetes.desires import a_desire, a_service

_DATA = Volume(name="data", mount_path="/data", size_gib=20, on_delete=VolumePolicy.RETAIN)
_CACHE = Volume(name="cache", mount_path="/cache", size_gib=1)


@pytest.mark.parametrize("kind", ServiceKind)
def test_each_volume_has_a_claim_that_says_what_becomes_of_it(kind: ServiceKind) -> None:
    schedule = Schedule(cron="@daily") if kind is ServiceKind.CRON_JOB else None
    objects = objects_of(a_service(kind), a_desire(volumes=[_DATA, _CACHE], schedule=schedule))
    claims = [one for one in objects if one["kind"] == "PersistentVolumeClaim"]
    assert [name_of(claim) for claim in claims] == ["web.data", "web.cache"]
    assert [annotations_of(claim)[ON_DELETE] for claim in claims] == ["RETAIN", "DELETE"]
    assert [claim["spec"] for claim in claims] == [
        {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}} for size in ("20Gi", "1Gi")
    ]


def test_without_volumes_there_is_no_claim() -> None:
    assert [one["kind"] for one in objects_of(a_service(), a_desire())] == ["Deployment"]
