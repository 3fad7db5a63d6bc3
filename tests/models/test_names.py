"""Names, as Kubernetes and DNS take them."""

import pytest

from models.names import (
    MAX_HOST,
    check_domain,
    check_environment_name,
    check_host,
    check_label,
    check_namespace,
    check_project_name,
    check_service_name,
    hostname,
    is_within,
    quote,
)

NO_LABELS = ["", "A", "a_b", "a.b", "-a", "a-", "ä", "a b", "a\n", "٣", "ⅷ"]


@pytest.mark.parametrize("name", ["a", "1", "a-1", "1-a", "a--b", "x" * 63])
def test_a_label(name: str) -> None:
    assert check_label(name) is None
    assert check_namespace(name) is None


@pytest.mark.parametrize("name", [*NO_LABELS, "x" * 64])
def test_what_is_none_is_refused_everywhere(name: str) -> None:
    for check in (check_label, check_namespace, check_project_name, check_environment_name, check_service_name):
        assert check(name), check


def test_names_of_ours_have_forty_characters() -> None:
    for check in (check_project_name, check_environment_name, check_service_name):
        assert check("x" * 40) is None
        assert "has 41 characters; at most 40" in (check("x" * 41) or "")


def test_a_service_begins_with_a_letter() -> None:
    assert check_project_name("1a") is check_environment_name("1a") is None
    assert check_service_name("a1") is None
    assert "begins with a letter" in (check_service_name("1a") or "")


@pytest.mark.parametrize("name", ["default", "kube-system", "kube-x"])
def test_kubernetes_own_namespaces_are_reserved(name: str) -> None:
    for check in (check_namespace, check_environment_name):
        assert "a namespace of Kubernetes itself; choose another" in (check(name) or "")
    assert check_namespace("kube") is check_namespace("default-2") is None


@pytest.mark.parametrize(
    "domain", ["example.com", "Staging.Example.COM.", "1.example.com", f"{'x' * 57}.{'y' * 63}.com"]
)
def test_a_domain(domain: str) -> None:
    assert check_domain(domain) is None


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("localhost", "at least two labels"),
        (".", "at least two labels"),
        ("example.com..", "a dot too many"),
        (".example.com", "a dot too many"),
        ("*.example.com", "wildcard"),
        ("a_b.example.com", "not a DNS label"),
        ("10.0.0.1", "as an IP address does"),
        ("example.123", "as an IP address does"),
        ("https://example.com", "not a DNS label"),
        ("x." * 130 + "com", f"at most {MAX_HOST}"),
    ],
)
def test_what_is_no_domain_is_refused(domain: str, words: str) -> None:
    assert words in (check_domain(domain) or "")


def test_a_host_leaves_room_for_its_ownership_record() -> None:
    """`cname-` before the first label, or `cname-_apex.` before all of a domain."""
    tail = ".".join(["x" * 49] * 4)
    longest = f"{'y' * (MAX_HOST - len(tail) - 1)}.{tail}"
    assert len(f"cname-_apex.{longest}") == 253
    assert check_host(longest) is None
    assert check_host(f"y{longest}") is not None
    assert check_host(f"{'x' * 57}.com") is None
    assert "at most 57" in (check_host(f"{'x' * 58}.com") or "")
    assert check_host(f"a.{'x' * 63}.com") is None


def test_a_label_is_completed_and_a_full_name_stays() -> None:
    assert hostname("www", "example.com") == "www.example.com"
    assert hostname("www.example.com", "example.com") == "www.example.com"
    assert is_within("example.com", "example.com")
    assert is_within("a.b.example.com", "example.com")
    assert not is_within("myexample.com", "example.com")


def test_a_quote_is_short_and_shows_what_is_not_seen() -> None:
    assert quote("a\n'\u200b") == repr("a\n'\u200b")
    assert quote("x" * 61) == f"'{'x' * 60}'…"
