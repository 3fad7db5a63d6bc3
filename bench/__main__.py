"""python -m bench [--quick] [part …]: measures, prints the tables and writes docs/benchmarks.md."""

import argparse
import os
from collections.abc import Callable

from bench import fan_out, jobs, latency, mutations, queries, start, stored
from bench.machine import LOADERS
from bench.report import Section, write
from bench.rounds import FULL, QUICK, Scale

PARTS: dict[str, Callable[[Scale], Section]] = {
    "fan_out": fan_out.run,
    "latency": latency.run,
    "queries": queries.run,
    "stored": stored.run,
    "mutations": mutations.run,
    "jobs": jobs.run,
    "start": start.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures side by side; all of it by default.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="part", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="little of everything, and docs/benchmarks.md stays as is")
    arguments = parser.parse_args()
    # Whatever is not measured, databases too, is inherited by this processor
    os.sched_setaffinity(0, LOADERS)
    for name in arguments.parts or PARTS:
        section = PARTS[name](QUICK if arguments.quick else FULL)
        print(section, flush=True)
        if not arguments.quick:
            write(section)


if __name__ == "__main__":
    main()
