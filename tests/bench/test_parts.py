"""The benches run, and their page keeps what each part found last."""

from pathlib import Path

import pytest

from bench import destroy, report
from bench.growth import grow
from bench.report import Goal, Section, Table
from bench.rounds import QUICK, in_turn
from bench.seeds import fill
from models.database import open_database
from models.migrate import upgrade
from models.reads.transitions import environment_transitions
from tests.postgresql import Postgresql


def test_a_part_runs_and_shows_its_goals_and_figures() -> None:
    section = destroy.run(QUICK)
    assert "| calls of the API for each object | ≤ 3 calls |" in str(section)
    assert section.tables[0].rows[0][0] == "Phaseline"


def test_sides_are_measured_in_turn() -> None:
    asked: list[str] = []

    def measure(side: str) -> dict[str, float]:
        asked.append(side)
        return {"place": len(asked)}

    found = in_turn({"A": "a", "B": "b"}, 3, measure)
    assert asked == ["a", "b"] * 3
    assert (found["A"]["place"], found["B"]["place"]) == (3, 4)


def test_a_part_replaces_only_its_own_section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "PAGE", tmp_path / "benchmarks.md")
    table = Table(["", "ms"], [["ours", "1"]])
    for title, text in (("One", "first"), ("Two", "second"), ("One", "third")):
        report.write(Section(title, text, [table], [Goal("time", 2, 1, reason="for a reason")]))
    page = report.PAGE.read_text()
    assert page.index("## One") < page.index("third") < page.index("## Two") < page.index("second")
    assert "first" not in page
    assert "| time | ≤ 1 × | 2.00 × | **missed** for a reason |" in page  # noqa: RUF001


def test_a_database_that_was_grown_is_as_if_it_had_lived(postgresql: Postgresql) -> None:
    database = open_database(postgresql.new_database())
    try:
        upgrade(database)
        fill(database, environments=50, services=2)
        grow(database, environments=60, transitions=5)
        with database.reading() as session:
            for environment in ("env_000000000007" + "0" * 12, "env_000000000059" + "0" * 12):
                found = environment_transitions(session, environment, 0, 100)
                assert [row.sequence for row in found] == [1, 2, 3, 4, 5]
                assert [row.previous for row in found[1:]] == [row.phase for row in found[:-1]]
    finally:
        database.close()
