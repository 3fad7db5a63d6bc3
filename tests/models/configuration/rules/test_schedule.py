"""When a cron job runs."""

from importlib.resources import files

import pytest

from models.configuration import Schedule
from models.vocabulary import ServiceKind
from tests.models.configuration.rules.judging import found, refused


def test_a_cron_job_needs_a_schedule_and_nobody_else_has_one() -> None:
    assert found(ServiceKind.CRON_JOB) == {}
    assert refused(found(ServiceKind.CRON_JOB, schedule=None), ("schedule",), "needs a schedule", "'30 2 * * *'")
    for kind in (ServiceKind.APPLICATION, ServiceKind.WORKER, ServiceKind.DATASOURCE):
        messages = found(kind, schedule=Schedule(cron="* * * * *"))
        assert refused(messages, ("schedule",), f"this is a {kind}", "Remove it")


def test_a_malformed_line_is_shown_with_its_reason() -> None:
    messages = found(ServiceKind.CRON_JOB, schedule=Schedule(cron="* * * * 7"))
    assert refused(messages, ("schedule", "cron"), "'* * * * 7'", "day of week, which goes from 0 to 6")


@pytest.mark.parametrize("zone", ["Etc/UTC", "UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "US/Pacific"])
def test_a_zone_of_the_iana(zone: str) -> None:
    assert zone in (files("tzdata") / "zones").read_text().split()
    assert found(ServiceKind.CRON_JOB, schedule=Schedule(cron="@daily", time_zone=zone)) == {}


@pytest.mark.parametrize(
    "zone",
    [
        "",
        "Local",
        "localtime",
        "Factory",
        "europe/berlin",
        "Europe",
        "CEST",
        "UTC+1",
        "../UTC",
        " UTC",
        "posix/UTC",
        "x\n",
    ],
)
def test_what_is_none_is_refused(zone: str) -> None:
    messages = found(ServiceKind.CRON_JOB, schedule=Schedule(cron="@daily", time_zone=zone))
    assert refused(messages, ("schedule", "timeZone"), repr(zone), "Write it like Europe/Berlin")


def test_both_fields_are_told_at_once() -> None:
    messages = found(ServiceKind.CRON_JOB, schedule=Schedule(cron="x", time_zone="y"))
    assert list(messages) == [("schedule", "cron"), ("schedule", "timeZone")]
