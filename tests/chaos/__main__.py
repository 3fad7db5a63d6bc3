"""`python -m tests.chaos --minutes 5 --seed 1 --database postgresql`; ends with 1 when a promise was broken."""

import argparse
import sys

from tests.chaos.bugs import BUGS
from tests.chaos.run import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same faults in the same order")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--bug", choices=tuple(BUGS), help="a deliberate bug that has to be found")
    asked = parser.parse_args()
    findings, shown = run(asked.minutes, asked.seed, asked.database, asked.bug)
    sys.stdout.write(f"seed {asked.seed}, {asked.database}, {asked.minutes} minutes\n\n{shown}\n")
    return 1 if findings.messages else 0


if __name__ == "__main__":
    sys.exit(main())
