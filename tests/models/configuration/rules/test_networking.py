"""Ports and public entries."""

import pytest

from models.configuration import IngressRule, NetworkSettings, Port
from models.configuration.paths import Path
from models.configuration.rules import Place
from models.names import MAX_HOST
from models.vocabulary import ServiceKind
from tests.models.configuration.rules.judging import HERE, a_configuration, found, refused
from tests.strategies import DOMAIN

PORTS = ("networking", "ports")
INGRESS = ("networking", "ingress")
HTTP = Port(name="http", number=80)


def with_ports(*ports: tuple[str, int], kind: ServiceKind = ServiceKind.APPLICATION) -> dict[Path, str]:
    return found(
        kind, networking=NetworkSettings(ports=tuple(Port(name=name, number=number) for name, number in ports))
    )


def with_rules(
    *rules: IngressRule, place: Place | None = HERE, deployed: tuple[IngressRule, ...] | None = None
) -> dict[Path, str]:
    previous = None if deployed is None else a_configuration(networking=networking(*deployed))
    return found(networking=networking(*rules), place=place, previous=previous)


def networking(*rules: IngressRule) -> NetworkSettings:
    return NetworkSettings(ports=(HTTP,), ingress=rules)


def rule(host: str = "www", path: str = "/", port: str = "http", *, tls: bool = True) -> IngressRule:
    return IngressRule(host=host, path=path, port=port, tls=tls)


@pytest.mark.parametrize("name", ["a", "http", "web-2", "1a", "a" * 15, "8080-a"])
def test_a_port_has_a_name_of_the_iana(name: str) -> None:
    assert with_ports((name, 1), ("other", 65535)) == {}


@pytest.mark.parametrize("name", ["", "HTTP", "8080", "-a", "a-", "a--b", "a_b", "a.b", "a" * 16, "ä", "a\n"])
def test_other_names_are_refused(name: str) -> None:
    assert refused(
        with_ports(("other", 1), (name, 2)), (*PORTS, "1", "name"), repr(name), "at least one of them a letter"
    )


@pytest.mark.parametrize("number", [-1, 0, 65536])
def test_a_port_has_16_bits(number: int) -> None:
    assert refused(with_ports(("a", number)), (*PORTS, "0", "number"), f"number is {number}", "from 1 to 65535")


def test_names_and_numbers_of_ports_come_once() -> None:
    assert refused(
        with_ports(("a", 1), ("b", 2), ("a", 3)), (*PORTS, "2", "name"), "port name 'a'", "item 0", "Keep one"
    )
    assert refused(with_ports(("a", 1), ("b", 1)), (*PORTS, "1", "number"), "port number '1'", "item 0", "Keep one")


def test_a_hundred_ports_are_enough() -> None:
    ports = [(f"p{number}", number) for number in range(1, 102)]
    assert with_ports(*ports[:100]) == {}
    assert refused(with_ports(*ports), PORTS, "101 ports", "at most 100")


def test_a_cron_job_is_not_reached_and_a_datasource_not_by_http() -> None:
    assert refused(with_ports(("a", 1), kind=ServiceKind.CRON_JOB), PORTS, "CRON_JOB", "Remove them")
    networking = NetworkSettings(ports=(HTTP,), ingress=(rule(),))
    messages = found(ServiceKind.CRON_JOB, networking=networking)
    assert list(messages) == [PORTS, INGRESS]
    assert refused(found(ServiceKind.DATASOURCE, networking=networking), INGRESS, "Remove the ingress rules")
    assert found(ServiceKind.WORKER, networking=networking) == {}


@pytest.mark.parametrize(
    "host", ["www", "1", "2048", "w" * 57, f"www.{DOMAIN}", DOMAIN, f"{'w' * 57}.{DOMAIN}", f"a.{'b' * 63}.{DOMAIN}"]
)
def test_a_host_is_a_label_or_a_full_name_in_the_domain(host: str) -> None:
    assert with_rules(rule(host)) == {}
    assert with_rules(rule(host), place=None) == {}, "a project's is for any domain"


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("", "empty label"),
        ("WWW", "lower-case"),
        ("a_b", "not a DNS label"),
        ("-a", "not a DNS label"),
        ("*", "name each host"),
        (f"*.{DOMAIN}", "name each host"),
        (f"www..{DOMAIN}", "a dot too many"),
        (f"www.{DOMAIN}.", "a dot too many"),
        ("w" * 58, "at most 57"),
        (f"{'w' * 58}.{DOMAIN}", "at most 57"),
        (f"a.{'w' * 64}.{DOMAIN}", "at most 63"),
        ("10.0.0.1", "as an IP address does"),
        ("ä", "not a DNS label"),
        (".".join(["a" * 50] * 4 + ["b" * (MAX_HOST - 50 * 4 - 4 - len(DOMAIN)), DOMAIN]), f"at most {MAX_HOST}"),
    ],
)
def test_what_is_no_host_is_refused(host: str, words: str) -> None:
    assert refused(with_rules(rule(host)), (*INGRESS, "0", "host"), words)


@pytest.mark.parametrize("host", ["www.example.com", "example.com", f"evil{DOMAIN}", f"{DOMAIN}.evil.com"])
def test_a_host_outside_of_the_domain_is_refused(host: str) -> None:
    assert refused(with_rules(rule(host)), (*INGRESS, "0", "host"), repr(host), DOMAIN, "Give a label")
    assert with_rules(rule(host), place=None) == {}


def test_without_a_domain_nothing_gets_a_hostname() -> None:
    messages = with_rules(rule(), place=Place(None))
    assert refused(messages, INGRESS, "has no domain", "Remove the ingress rules")
    assert with_rules(place=Place(None)) == {}


def test_a_rule_leads_to_a_port_that_is_there() -> None:
    messages = with_rules(rule(), rule("api", port="8080"))
    assert refused(messages, (*INGRESS, "1", "port"), "'8080'", "They are: 'http'.")
    messages = found(networking=NetworkSettings(ingress=(rule(),)))
    assert refused(messages, (*INGRESS, "0", "port"), "'http'", "add it to networking.ports")


@pytest.mark.parametrize("path", ["/", "/api", "/api/", "/a.b/~c_d-e", "/..a/b..", "/" + "x" * 1023])
def test_a_path_is_a_prefix(path: str) -> None:
    assert with_rules(rule(path=path)) == {}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "begin with '/'"),
        ("api", "'api' must begin with '/'"),
        ("//", "Write it without"),
        ("/a//b", "Write it without"),
        ("/./a", "Write it without"),
        ("/a/..", "Write it without"),
        ("/a/.", "Write it without"),
        ("/a%2Fb", "letters, digits"),
        ("/a b", "letters, digits"),
        ("/a(.*)", "letters, digits"),
        ("/a;b", "letters, digits"),
        ("/ä", "letters, digits"),
        ("/a\n", "letters, digits"),
        ("/" + "x" * 1024, "at most 1024"),
    ],
)
def test_what_an_ingress_would_refuse_or_read_otherwise(path: str, words: str) -> None:
    assert refused(with_rules(rule(path=path)), (*INGRESS, "0", "path"), words)


def test_host_and_path_are_had_once() -> None:
    assert with_rules(rule(), rule(path="/api"), rule("api")) == {}
    for other in (rule(), rule(f"www.{DOMAIN}"), rule(path="/")):
        assert refused(with_rules(rule(), other), (*INGRESS, "1", "host"), f"www.{DOMAIN}/", "ingress rule 0")
    messages = with_rules(rule(path="/api"), rule(path="/api/"))
    assert refused(messages, (*INGRESS, "1", "host"), f"www.{DOMAIN}/api", "ingress rule 0")


def test_what_another_service_has_stays_its_own() -> None:
    place = Place(DOMAIN, lambda: {(f"www.{DOMAIN}", "/api/"): "service 'shop'"})
    assert with_rules(rule(), rule(path="/api/v2"), rule("api", "/api"), place=place) == {}
    messages = with_rules(rule(path="/api"), place=place)
    assert refused(messages, (*INGRESS, "0", "host"), "service 'shop'", "Choose another host or path")


def test_only_for_rules_that_are_new_others_are_looked_at() -> None:
    looks: list[str] = []

    def taken() -> dict[tuple[str, str], str]:
        looks.append("look")
        return {(f"www.{DOMAIN}", "/"): "service 'shop'"}

    place = Place(DOMAIN, taken)
    deployed = (rule(),)
    assert with_rules(rule(f"www.{DOMAIN}"), place=place, deployed=deployed) == {}
    assert with_rules(place=place, deployed=deployed) == {}
    assert not looks
    assert with_rules(rule(), rule("api"), place=place, deployed=deployed) == {}
    assert refused(with_rules(rule(), place=place), (*INGRESS, "0", "host"), "service 'shop'")
    assert len(looks) == 2


def test_a_host_has_tls_or_not() -> None:
    assert with_rules(rule(tls=False), rule(path="/a", tls=False), rule("api")) == {}
    messages = with_rules(rule(), rule(f"www.{DOMAIN}", "/a", tls=False))
    assert refused(messages, (*INGRESS, "1", "tls"), f"www.{DOMAIN} has tls true in ingress rule 0")


def test_a_hundred_rules_are_enough() -> None:
    rules = [rule(f"h{number}") for number in range(101)]
    assert with_rules(*rules[:100]) == {}
    assert refused(with_rules(*rules), INGRESS, "101 ingress rules", "at most 100")
