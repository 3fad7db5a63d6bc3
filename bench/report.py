"""Tables for people, and the page that keeps them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.machine import description

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
INTRODUCTION = """# Benchmarks

`uv run python -m bench` measures all of this again and writes this page; `uv run python -m bench queries` one part of
it. Where two sides are compared they are asked in turn (A B A B), servers on one processor and what asks them on
another; figures are medians of the rounds, and CPU is what the kernel says that the server's processes used. Compare
figures of one table only: ratios hold, absolute ones do not. The product runs as users get it, with every limit and
setting at its default.
"""


@dataclass(frozen=True)
class Table:
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        lines = [self.head, ["---", *["---:" for _ in self.head[1:]]], *self.rows]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


@dataclass(frozen=True)
class Goal:
    """A figure that should be at most (or at least) so much. `reason`: why it is not, where that is known."""

    what: str
    result: float
    limit: float
    at_least: bool = False
    unit: str = "×"  # noqa: RUF001
    reason: str = ""

    @property
    def reached(self) -> bool:
        return self.result >= self.limit if self.at_least else self.result <= self.limit

    def row(self) -> list[str]:
        bound = f"{'≥' if self.at_least else '≤'} {self.limit:g} {self.unit}"
        verdict = "reached" if self.reached else f"**missed** {self.reason}".strip()
        return [self.what, bound, f"{self.result:.2f} {self.unit}", verdict]


@dataclass(frozen=True)
class Section:
    """What one part found."""

    title: str
    text: str
    tables: Sequence[Table]
    goals: Sequence[Goal] = ()

    def __str__(self) -> str:
        goals = [Table(["goal", "", "result", ""], [goal.row() for goal in self.goals])] if self.goals else []
        when = f"*{datetime.now(UTC):%Y-%m-%d}; {description()}*"
        return "\n\n".join([f"## {self.title}", self.text, *map(str, [*goals, *self.tables]), when]) + "\n"


def write(section: Section) -> None:
    """Puts the section into the page, in the place of what was found before."""
    head, *sections = PAGE.read_text().split("\n## ") if PAGE.exists() else [INTRODUCTION]
    kept = {one.partition("\n")[0]: f"## {one}".rstrip() for one in sections}
    kept[section.title] = str(section).rstrip()
    PAGE.write_text("\n\n".join([head.rstrip(), *kept.values()]) + "\n")


def times(value: float) -> str:
    return f"{value:.2f} ×"  # noqa: RUF001


def compared(
    head: str,
    figures: Mapping[str, Mapping[str, float]],
    base: str | None = None,
    form: Callable[[float], str] = "{:.0f}".format,
) -> Table:
    """A column for each outer key, a row for each inner one; with `base`, each as a multiple of that row's too."""
    names = list(dict.fromkeys(name for column in figures.values() for name in column))

    def cell(column: Mapping[str, float], name: str) -> str:
        if name not in column:
            return ""
        shown = form(column[name])
        return f"{shown} ({times(column[name] / column[base])})" if base and base in column else shown

    return Table([head, *figures], [[name, *[cell(column, name) for column in figures.values()]] for name in names])
