"""When a cron job runs."""

from functools import cache
from zoneinfo import available_timezones

from models.configuration.rules.cron import BadCron, check_cron
from models.configuration.rules.finding import Finding, Findings, Subject
from models.names import quote
from models.vocabulary import ServiceKind

#: Files that some systems keep beside the zones of the IANA database.
_NO_ZONES = frozenset({"localtime", "posixrules", "Factory"})


def check_schedule(subject: Subject) -> Findings:
    schedule = subject.configuration.schedule
    if subject.kind is not ServiceKind.CRON_JOB:
        if schedule is not None:
            yield Finding(("schedule",), f"Only a CRON_JOB has a schedule; this is a {subject.kind}. Remove it.")
        return
    if schedule is None:
        yield Finding(("schedule",), "A CRON_JOB needs a schedule, for example cron '30 2 * * *'.")
        return
    try:
        check_cron(schedule.cron)
    except BadCron as bad:
        yield Finding(("schedule", "cron"), f"The cron line {quote(schedule.cron)} {bad}.")
    if schedule.time_zone not in _zones():
        yield Finding(
            ("schedule", "timeZone"),
            f"{quote(schedule.time_zone)} is not a time zone of the IANA database. Write it like Europe/Berlin.",
        )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - _NO_ZONES)
