"""Jobs and CronJobs."""

from embedded.kubernetes.admission.defaults.filling import fill
from embedded.kubernetes.admission.defaults.pods import complete_template
from embedded.kubernetes.objects import Object, made, name_of, uid_of

CONTROLLER_UID = "batch.kubernetes.io/controller-uid"
JOB_NAME = "batch.kubernetes.io/job-name"


def complete_job(job: Object) -> None:
    spec = made(job, "spec")
    _complete_job_spec(spec)
    if spec.get("manualSelector") or spec.get("selector"):
        return
    # the server selects by the job's uid, so that jobs never take each other's pods
    spec["selector"] = {"matchLabels": {CONTROLLER_UID: uid_of(job)}}
    marks = {
        CONTROLLER_UID: uid_of(job),
        JOB_NAME: name_of(job),
        "controller-uid": uid_of(job),
        "job-name": name_of(job),
    }
    made(spec, "template", "metadata", "labels").update(marks)


def complete_cron_job(cron_job: Object) -> None:
    spec = made(cron_job, "spec")
    fill(spec, concurrencyPolicy="Allow", suspend=False, successfulJobsHistoryLimit=3, failedJobsHistoryLimit=1)
    # a CronJob's template gets the defaults of pods, and those of jobs when a job is made of it
    complete_template(made(spec, "jobTemplate", "spec", "template"))
    made(spec, "jobTemplate", "metadata")


def _complete_job_spec(spec: Object) -> None:
    if spec.get("completions") is None and spec.get("parallelism") is None:
        fill(spec, completions=1)
    fill(
        spec,
        parallelism=1,
        backoffLimit=6,
        completionMode="NonIndexed",
        suspend=False,
        podReplacementPolicy="Failed" if spec.get("podFailurePolicy") else "TerminatingOrFailed",
        manualSelector=False,
    )
    complete_template(made(spec, "template"))
