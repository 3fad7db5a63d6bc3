"""What a run showed, as a table: fault by promise."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Findings:
    """How many faults of each kind struck, and how often each promise held or broke in what lived through them."""

    struck: "Counter[str]" = field(default_factory=Counter[str])
    held: "Counter[tuple[str, str]]" = field(default_factory=Counter[tuple[str, str]])
    broken: "Counter[tuple[str, str]]" = field(default_factory=Counter[tuple[str, str]])
    messages: list[str] = field(default_factory=list[str])
    #: Why operations failed that were then retried.
    failures: list[str] = field(default_factory=list[str])
    #: What was done: operations, environments, requests.
    done: "Counter[str]" = field(default_factory=Counter[str])

    def judge(self, promise: str, faults: "Counter[str]", message: str | None) -> None:
        """The promise was looked at after these faults; `message` says how it was broken."""
        kept = self.held if message is None else self.broken
        for fault in faults or ("no fault",):
            kept[fault, promise] += faults[fault] or 1
        if message is not None:
            self.messages.append(f"{promise}: {message}")


def table(findings: Findings, takeovers: Mapping[str, Sequence[float]]) -> str:
    promises = list(dict.fromkeys(promise for _, promise in [*findings.held, *findings.broken]))
    rows = [["fault", "struck", *promises]]
    for fault, count in sorted(findings.struck.items()):
        rows.append([fault, str(count), *(_cell(findings, fault, promise) for promise in promises)])
    rows.append(["total", str(findings.struck.total()), *("" for _ in promises)])
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, f"|{'---|' * (len(promises) + 2)}")
    lines += ["", ", ".join(f"{count} {what}" for what, count in findings.done.items())]
    for fault, seconds in takeovers.items():
        lines.append(
            f"taken over after a worker was {fault}: median {median(seconds):.2f} s, worst {max(seconds):.2f} s "
            f"({len(seconds)} operations)"
        )
    failures = [f"failed and retried: {failure}" for failure in findings.failures]
    return "\n".join([*lines, *failures, *findings.messages])


def _cell(findings: Findings, fault: str, promise: str) -> str:
    held, broken = findings.held[fault, promise], findings.broken[fault, promise]
    return f"**{broken} broken**, {held}" if broken else str(held)
