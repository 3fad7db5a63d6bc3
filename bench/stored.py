"""Queries of the product over a database: what a request costs the API process."""

from bench.installation import KINDS, installation
from bench.loading import load
from bench.report import Section, compared
from bench.rounds import Scale, column, in_turn
from bench.servers import Side, all_serving
from bench.workload import CONSOLE, QUERIES

OURS = "Phaseline"
SIDES = [
    Side(OURS, "product"),
    Side("Strawberry, with its caches, over our resolvers", "product", ("strawberry",)),
]


def run(scale: Scale) -> Section:
    return Section(
        "Queries over a database",
        "The same documents over the same rows in a database, and `console`: one environment with 20 services, the "
        "configuration and three releases of each. Microseconds of the API process's CPU for each request; what the "
        "database itself uses is not in it.",
        [compared(f"CPU, {kind}", _measure(kind, scale), OURS) for kind in KINDS],
    )


def _measure(kind: str, scale: Scale) -> dict[str, dict[str, float]]:
    asked = {**QUERIES, "console": CONSOLE}
    with installation(kind) as installed, all_serving(SIDES, installed.environment) as servers:
        for document, variables in asked.values():
            for server in servers.values():
                load(server, document, variables, scale.seconds / 2)
        return {
            name: column(
                in_turn(servers, scale.rounds, lambda server, one=one: load(server, *one, scale.seconds)), "cpu", 1e6
            )
            for name, one in asked.items()
        }
