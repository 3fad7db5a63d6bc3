"""Measures, prints the tables and writes docs/benchmarks.md: `python -m bench --help` says what can be chosen."""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace

from bench import destroy, endurance, fan_out, jobs, latency, mutations, queries, scale, start, stored
from bench.machine import LOADERS
from bench.report import Section, write
from bench.rounds import FULL, QUICK, Scale
from models.logs import configure_logs

PARTS: dict[str, Callable[[Scale], Section]] = {
    "fan_out": fan_out.run,
    "latency": latency.run,
    "queries": queries.run,
    "stored": stored.run,
    "mutations": mutations.run,
    "jobs": jobs.run,
    "destroy": destroy.run,
    "scale": scale.run,
    "start": start.run,
    "endurance": endurance.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures side by side; all of it by default.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="part", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="little of everything, and docs/benchmarks.md stays as is")
    parser.add_argument("--environments", type=int, default=FULL.environments, help="of `scale`; all of it is 10000")
    parser.add_argument("--rounds", type=int, default=FULL.rounds, help="how often each side is measured")
    parser.add_argument("--subscribers", type=int, nargs="+", default=FULL.subscribers, help="of `fan_out`")
    parser.add_argument("--minutes", type=float, default=FULL.minutes, help="of `endurance`; all of it is 60")
    arguments = parser.parse_args()
    how_much = QUICK if arguments.quick else asked_for(arguments)
    configure_logs("ERROR", "console")
    # So that nothing that was started is left behind
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    # Whatever is not measured, databases too, is inherited by this processor
    os.sched_setaffinity(0, LOADERS)
    for name in arguments.parts or PARTS:
        section = PARTS[name](how_much)
        print(section, flush=True)
        if not arguments.quick:
            write(section)


def asked_for(arguments: argparse.Namespace) -> Scale:
    return replace(
        FULL,
        rounds=arguments.rounds,
        environments=arguments.environments,
        subscribers=tuple(arguments.subscribers),
        minutes=arguments.minutes,
    )


if __name__ == "__main__":
    main()
