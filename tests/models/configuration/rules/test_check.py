"""All rules together."""

from models.configuration import ImageSource, Port, ServiceConfiguration, Variable, Volume
from models.configuration.change import apply_change
from models.configuration.parsing import MAX_ISSUES, parse_change
from models.configuration.rules import check
from models.vocabulary import ServiceKind
from tests.models.configuration.rules.judging import a_configuration, found

EVERY_PART = {
    "source": {"image": {"image": "Not An Image"}},
    "command": [""],
    "deployment": {"replicas": -1},
    "variables": [{"name": "1", "value": ""}],
    "resources": {"cpu_limit": "much"},
    "networking": {"ports": [{"name": "http", "number": 0}]},
    "health_checks": {"startup": {"path": "x"}},
    "volumes": [{"name": "a", "mount_path": "/a", "size_gib": 0}],
    "schedule": {"cron": "* * * * *"},
}


def test_all_that_is_wrong_is_told_at_once_in_the_words_of_the_contract() -> None:
    configuration = apply_change(None, parse_change(EVERY_PART), ServiceKind.APPLICATION, str)
    for said in (EVERY_PART, None):
        issues = check(configuration, ServiceKind.APPLICATION, said=said)
        assert [issue.path for issue in issues] == [
            ("source", "image", "image"),
            ("command", "0"),
            ("deployment", "replicas"),
            ("variables", "0", "name"),
            ("resources", "cpuLimit"),
            ("networking", "ports", "0", "number"),
            ("healthChecks", "startup", "path"),
            ("volumes", "0", "sizeGiB"),
            ("schedule",),
        ]


def test_no_more_than_a_hundred_and_none_of_them_long() -> None:
    huge = "X" * 100_000
    configuration = ServiceConfiguration(
        source=ImageSource(image=huge),
        variables=tuple(Variable(name=f"1{huge}{number}", value="") for number in range(40)),
        volumes=tuple(Volume(name=huge, mount_path=huge, size_gib=1) for _ in range(40)),
    )
    networking = a_configuration().networking.model_copy(
        update={"ports": tuple(Port(name=huge, number=1) for _ in range(40))}
    )
    issues = check(configuration.model_copy(update={"networking": networking}), ServiceKind.APPLICATION)
    assert len(issues) == MAX_ISSUES
    assert max(len(issue.message) for issue in issues) < 1000


def test_whoever_is_to_blame_among_several_fields_is_the_one_that_was_said() -> None:
    configuration = a_configuration(resources=a_configuration().resources.model_copy(update={"cpu_request": "2"}))
    limit = {"resources": {"cpu_limit": "1"}}
    changed = apply_change(configuration, parse_change(limit), ServiceKind.APPLICATION, str)
    for said, path in (
        (limit, ("resources", "cpuLimit")),
        ({"resources": {"cpu_request": "2"}}, ("resources", "cpuRequest")),
        ({"resources": {"cpu_request": "2", "cpu_limit": "1"}}, ("resources", "cpuLimit")),
        ({}, ("resources",)),
    ):
        assert [issue.path for issue in check(changed, ServiceKind.APPLICATION, said=said)] == [path]


def test_what_is_valid_has_no_findings() -> None:
    for kind in ServiceKind:
        assert found(kind) == {}
        assert found(kind, place=None) == {}
        assert found(kind, previous=a_configuration(kind)) == {}
