"""Queries over data in memory: what a request costs the server, and how many it answers."""

import json
from collections.abc import Mapping

from bench.installation import redis_alone
from bench.loading import ask, load
from bench.report import Goal, Section, compared, times
from bench.rounds import Scale, column, in_turn
from bench.servers import Server, Side, all_serving
from bench.workload import QUERIES

OURS, TRANSPORT = "Phaseline", "Phaseline's transport, over plain resolvers"
CACHES = "Strawberry, with its caches"
YOGA, MERCURIUS, JIT = "graphql-yoga", "mercurius", "mercurius, JIT"
SIDES = [
    Side(OURS, "product", ("memory",)),
    Side(TRANSPORT, "transport"),
    Side("Strawberry, with its caches, over our resolvers", "product", ("memory", "strawberry")),
    Side("Strawberry, defaults", "stock_strawberry"),
    Side(CACHES, "stock_strawberry", ("caches",)),
    Side("Ariadne", "stock_ariadne"),
    Side(YOGA, "yoga.mjs"),
    Side(MERCURIUS, "mercurius.mjs"),
    Side(JIT, "mercurius.mjs", ("jit",)),
    Side("floor: ready bytes", "floor"),
]
#: How many times what ours costs the other side's should cost, by query.
GOALS = [
    ("small", CACHES, 2.5),
    ("typical", CACHES, 5.0),
    ("list", CACHES, 25.0),
    ("small", YOGA, 1.0),
    ("typical", YOGA, 1.0),
    ("list", YOGA, 1.0),
    ("typical", MERCURIUS, 1.0),
    ("list", MERCURIUS, 4.0),
    ("small", JIT, 0.5),
    ("typical", JIT, 0.5),
    ("list", JIT, 0.5),
]

#: What ours spends most on, by query.
WHY = {
    "small": "the most of it is HTTP, who asks, and the limits",
    "typical": "its page of services is loaded, and made, apart from it",
    "list": "each field of a thousand objects is read and checked in Python",
}


def run(scale: Scale) -> Section:
    with redis_alone() as environment, all_serving(SIDES, environment) as servers:
        for name in QUERIES:
            _warm_up(name, servers, scale)
        found = {
            name: in_turn(servers, scale.rounds, lambda server, asked=asked: load(server, *asked, scale.seconds))
            for name, asked in QUERIES.items()
        }
    cost = {name: column(sides, "cpu", 1e6) for name, sides in found.items()}
    goals = [
        Goal(
            f"{name}: CPU of {other} against ours",
            cost[name][other] / cost[name][OURS],
            least,
            at_least=True,
            reason=f"{WHY[name]}; {times(cost[name][other] / cost[name][TRANSPORT])} over the others' plain resolvers",
        )
        for name, other, least in GOALS
    ]
    return Section(
        "Queries in memory",
        "`small` is one environment, `typical` one with a page of its 20 services, `list` 50 of them with 20 services "
        "each. Ours is the whole API process, with all of its schema, its limits, its loaders and its pages, but with "
        "rows in memory in the place of its database; the others serve what the documents need of the schema, with "
        "plain resolvers. Microseconds of the server's CPU for each request, and that as a multiple of ours.",
        [
            compared("CPU", cost, OURS),
            compared("requests a second of a core", {name: column(sides, "rate") for name, sides in found.items()}),
        ],
        goals,
    )


def _warm_up(query: str, servers: Mapping[str, Server], scale: Scale) -> None:
    """Until caches are filled and JIT compilers are done; all sides must say the same."""
    answers = {
        side: json.loads(ask(server, *QUERIES[query], scale.seconds)["first"])["data"]
        for side, server in servers.items()
    }
    different = [side for side, answer in answers.items() if answer != answers[OURS]]
    assert not different, f"{query}: {different} answer differently"
