"""Queries over a large database against the same ones over a small one."""

from contextlib import ExitStack

from bench.growth import grow
from bench.installation import installation
from bench.loading import load
from bench.report import Goal, Section, compared
from bench.rounds import Scale, column, in_turn
from bench.seeds import ENVIRONMENTS, SERVICES
from bench.servers import Side, serving
from bench.workload import CONSOLE, HISTORY, QUERIES

SMALL = f"{ENVIRONMENTS} environments"
#: Odd: an environment is ACTIVE after the first.
TRANSITIONS = 501
ASKED = {**QUERIES, "console": CONSOLE, "history": HISTORY}


def run(scale: Scale) -> Section:
    environments, transitions = (200, 11) if scale.quick else (scale.environments, TRANSITIONS)
    large = f"{environments} environments"
    with ExitStack() as stack:
        installed = {name: stack.enter_context(installation("PostgreSQL")) for name in (SMALL, large)}
        grow(installed[large].database, environments, transitions)
        api = Side("Phaseline", "product")
        servers = {name: stack.enter_context(serving(api, one.environment)) for name, one in installed.items()}
        found = {
            name: in_turn(servers, scale.rounds, lambda server, asked=asked: load(server, *asked, scale.seconds, 1))
            for name, asked in ASKED.items()
        }
    times = {name: column(sides, "p50") for name, sides in found.items()}
    return Section(
        "Scale",
        f"PostgreSQL with {environments} environments, {environments * SERVICES} services and "
        f"{environments * transitions} transitions, against {ENVIRONMENTS} environments with one each: milliseconds of "
        "one client until it has the answer, p50. `history` is a page of 50 transitions.",
        [compared("p50", times, SMALL, "{:.1f}".format)],
        [
            Goal(f"{name}: time of the large against the small", of[large] / of[SMALL], 1.5)
            for name, of in times.items()
        ],
    )
