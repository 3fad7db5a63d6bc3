"""Clients go on working: compared with the main branch, nothing breaks that was not announced."""

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.schema.changes import broken

ROOT = Path(__file__).parents[2]
PRINTED = "schema/schema.graphql"
TODAY = date(2026, 6, 1)


def git(*arguments: str) -> str | None:
    """What git says; None where it does not know, or is not there."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout


def on_main() -> str | None:
    """The schema where this branch left main; on main itself, that of the commit before."""
    base = git("merge-base", "HEAD", "origin/main") or git("merge-base", "HEAD", "main")
    if base is not None and base == git("rev-parse", "HEAD"):
        base = git("rev-parse", "HEAD^1")
    return base and git("show", f"{base.strip()}:{PRINTED}")


def test_nothing_breaks_against_main() -> None:
    before = on_main()
    if before is None:
        pytest.skip("there is no schema to compare with: no git history, or none was printed there")
    assert broken(before, (ROOT / PRINTED).read_text(), datetime.now(UTC).date()) == []


OLD = """
type Query {
  a(b: Int): Int
  gone: Int @deprecated(reason: "Use a. Removed after 2026-05-31.")
  going: Int @deprecated(reason: "Use a. Removed after 2026-12-31.")
  kind: Kind
}
enum Kind { ONE TWO }
"""


def test_what_is_added_breaks_nothing() -> None:
    assert broken(OLD, OLD.replace("a(b: Int)", "d: Int a(b: Int, c: Int)").replace("ONE", "ONE THREE"), TODAY) == []


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("a(b: Int): Int", "other: Int", "Query.a was removed"),
        ("a(b: Int)", "a(b: Int!)", "Query.a(b:)"),
        ("kind: Kind", "kind: Int", "Query.kind changed type"),
        ("ONE TWO", "ONE", "Kind.TWO was removed"),
    ],
)
def test_what_is_taken_away_or_asked_for_breaks(old: str, new: str, change: str) -> None:
    assert any(change in line for line in broken(OLD, OLD.replace(old, new), TODAY))


def without(field: str) -> str:
    return "\n".join(line for line in OLD.splitlines() if not line.strip().startswith(f"{field}:"))


def test_what_was_announced_may_go_on_its_day() -> None:
    assert broken(OLD, without("gone"), TODAY) == []


def test_what_was_announced_may_not_go_before_its_day() -> None:
    assert broken(OLD, without("going"), TODAY) == ["Field Query.going was removed."]
