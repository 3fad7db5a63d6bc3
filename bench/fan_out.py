"""Many subscribers of one environment: what an event costs the server for each of them, and what they cost idle."""

from collections.abc import Mapping
from contextlib import ExitStack

from bench.following import Mode, following_other, following_product
from bench.installation import Installation, installation
from bench.report import Goal, Section, compared, times
from bench.rounds import Medians, Scale, column, in_turn
from bench.servers import Side

OURS, FLOOR, STOCK = "Phaseline", "floor: a loop that sends ready bytes", "Strawberry"
OVER_OURS = "Strawberry, over our resolvers"
PRODUCTS = [Side(OURS, "product"), Side(OVER_OURS, "product", ("strawberry",))]
OTHERS = [
    Side(FLOOR, "floor"),
    Side(STOCK, "stock_strawberry"),
    Side("graphql-yoga + graphql-ws", "yoga.mjs"),
    Side("mercurius", "mercurius.mjs"),
]
#: The others that take part. Nothing differs for the floor, and that of environments is between those on Python.
TAKING_PART: dict[Mode, list[Side]] = {"same": OTHERS, "selections": OTHERS[1:], "environments": OTHERS[1:2]}
REASON = "both hear of transitions and read them in the same way: only what comes after that differs"
Products = list[tuple[Side, Installation]]
#: The goals are about so many, and so are those that differ.
MOST_DIFFERENT = 1000
#: What each side delivers in a round, in at most so many events.
DELIVERIES = 10_000
MOST_EVENTS = 100


def run(scale: Scale) -> Section:
    most = max(count for count in scale.subscribers if count <= MOST_DIFFERENT)
    with ExitStack() as stack:
        # A database and a Redis for each, so that none hears what the other's turn brings
        products = [(side, stack.enter_context(installation("PostgreSQL", most, services=0))) for side in PRODUCTS]
        found = {f"N = {count}": measure(products, count, scale) for count in scale.subscribers}
        same = found[f"N = {most}"]
        selections = found[f"{most} selections"] = measure(products, most, scale, "selections")
        environments = found[f"{most} environments"] = measure(products, most, scale, "environments")
    fewest = min(scale.subscribers)
    sending = same[OURS]["cpu"] - found[f"N = {fewest}"][OURS]["cpu"] * fewest / most
    return Section(
        "Fan-out",
        "Subscribers of `environmentPhaseChanged` over WebSockets to one process: N of one environment with one "
        "document, then as many documents as subscribers, then as many environments. Ours hears of transitions that "
        "another process commits to PostgreSQL, and reads them; the others make their events up in memory. "
        "Microseconds of the server's CPU for each event that a subscriber gets, and that as a multiple of the "
        "floor's; milliseconds from the commit until the last subscriber has it; memory of an idle subscriber.",
        [
            compared("CPU", {name: column(sides, "cpu", 1e6) for name, sides in found.items()}, FLOOR, "{:.1f}".format),
            compared(
                "last subscriber, p50",
                {name: column(sides, "p50") for name, sides in found.items()},
                form="{:.1f}".format,
            ),
            compared("idle, kB", {f"N = {most}": column(same, "idle", 1 / 1024)}, FLOOR),
        ],
        [
            Goal(
                f"the same subscription, N = {most}: CPU against the floor",
                ratio(same, "cpu", FLOOR),
                1.2,
                reason=f"{times(sending / same[FLOOR]['cpu'])} without what an event costs for one alone, its read",
            ),
            Goal("idle subscribers: memory against the floor", ratio(same, "idle", FLOOR), 1.3),
            Goal("as many selections: CPU against Strawberry", ratio(selections, "cpu", STOCK), 0.5),
            Goal(
                "as many environments: CPU against Strawberry over the same database",
                ratio(environments, "cpu", OVER_OURS),
                0.5,
                reason=REASON,
            ),
        ],
    )


def measure(products: Products, count: int, scale: Scale, mode: Mode = "same") -> dict[str, Medians]:
    events = 5 if scale.quick else min(max(DELIVERIES // count, 5), MOST_EVENTS)
    if mode == "environments":  # each is as many commits as there are environments
        events = 1
    with ExitStack() as stack:
        ours = {
            side.name: stack.enter_context(following_product(side, installed, count, mode))
            for side, installed in products
        }
        others = {side.name: stack.enter_context(following_other(side, count, mode)) for side in TAKING_PART[mode]}
        followed = ours | others
        for followers in followed.values():
            followers.deliver(events)
        return in_turn(followed, scale.rounds, lambda followers: followers.deliver(events))


def ratio(found: Mapping[str, Medians], figure: str, other: str) -> float:
    return found[OURS][figure] / found[other][figure]
