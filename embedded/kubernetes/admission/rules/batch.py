"""Jobs and CronJobs."""

import zoneinfo
from collections.abc import Iterator

from croniter import croniter

from embedded.kubernetes.admission.rules.pods import check_pod_spec
from embedded.kubernetes.causes import Cause, immutable, required, unsupported, wrong
from embedded.kubernetes.objects import Object, copied, name_of, part

_MOST_CRON_JOB_NAME = 52
_CONCURRENCY = ("Allow", "Forbid", "Replace")
_COUNTS = ("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished")


def check_job(job: Object, before: Object | None) -> Iterator[Cause]:
    spec = part(job, "spec")
    yield from _check_job_spec(spec, "spec")
    if len(name_of(job)) > 63:
        yield wrong("metadata.name", name_of(job), "must be no more than 63 characters")
    if before is None:
        return
    old = part(before, "spec")
    for name in ("selector", "completionMode", "podFailurePolicy"):
        if spec.get(name) != old.get(name):
            yield immutable(f"spec.{name}", spec.get(name))
    if spec.get("completions") != old.get("completions") and spec.get("completionMode") == "NonIndexed":
        yield immutable("spec.completions", spec.get("completions"))
    if spec.get("template") != old.get("template") and not (old.get("suspend") and _only_scheduling(spec, old)):
        yield immutable("spec.template", spec.get("template"))


def check_cron_job(cron_job: Object, before: Object | None) -> Iterator[Cause]:
    spec = part(cron_job, "spec")
    if len(name_of(cron_job)) > _MOST_CRON_JOB_NAME:
        yield wrong("metadata.name", name_of(cron_job), "must be no more than 52 characters")
    schedule, zone = spec.get("schedule", ""), spec.get("timeZone")
    if not schedule:
        yield required("spec.schedule")
    elif "TZ=" in schedule:
        yield wrong("spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
    elif not croniter.is_valid(schedule) or len(schedule.split()) not in (1, 5):
        yield wrong("spec.schedule", schedule, f"expected exactly 5 fields, found {len(schedule.split())}: {schedule}")
    if zone is not None and zone not in zoneinfo.available_timezones():
        yield wrong("spec.timeZone", zone, f"unknown time zone {zone}")
    if spec.get("concurrencyPolicy") not in _CONCURRENCY:
        yield unsupported("spec.concurrencyPolicy", spec.get("concurrencyPolicy"), _CONCURRENCY)
    yield from _check_job_spec(part(spec, "jobTemplate", "spec"), "spec.jobTemplate.spec")


def _check_job_spec(spec: Object, field: str) -> Iterator[Cause]:
    for name in _COUNTS:
        if (spec.get(name) or 0) < 0:
            yield wrong(f"{field}.{name}", spec[name], "must be greater than or equal to 0")
    yield from check_pod_spec(part(spec, "template", "spec"), f"{field}.template.spec")
    policy = part(spec, "template", "spec").get("restartPolicy")
    if policy == "Always":
        yield required(f"{field}.template.spec.restartPolicy", 'valid values: "OnFailure", "Never"')


def _only_scheduling(spec: Object, old: Object) -> bool:
    """Whether only the labels, annotations and placement of the pods differ, which a suspended job allows."""
    left, right = copied(part(spec, "template")), copied(part(old, "template"))
    for template in (left, right):
        template.pop("metadata", None)
        for name in ("nodeSelector", "affinity", "tolerations", "schedulingGates"):
            part(template, "spec").pop(name, None)
    return left == right
