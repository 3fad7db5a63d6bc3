"""What a rule finds, and what it may ask about the place where a configuration is to run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.configuration.paths import Path
from models.configuration.shape import ServiceConfiguration
from models.names import quote
from models.vocabulary import ServiceKind


@dataclass(frozen=True)
class Finding:
    """One broken rule. `others` are the further fields that it is about: the one that the caller said is blamed."""

    path: Path
    message: str
    others: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Place:
    """The environment that a configuration is to run in."""

    domain: str | None = None
    #: Looks up host and path of the ingress rules that other services have, with whose each is, in words.
    taken: Callable[[], Mapping[tuple[str, str], str]] = dict


@dataclass(frozen=True)
class Subject:
    """What the rules judge. Without a `place` it is a project's, without a `previous` it isn't deployed yet."""

    configuration: ServiceConfiguration
    kind: ServiceKind
    place: Place | None = None
    previous: ServiceConfiguration | None = None


Findings = Iterator[Finding]


def repeated(path: Path, what: str, values: list[str], field: str) -> Findings:
    """Each value that an earlier item of the list at `path` has already."""
    first: dict[str, int] = {}
    for index, value in enumerate(values):
        if value in first:
            yield Finding(
                (*path, str(index), field), f"{what} {quote(value)} is that of item {first[value]} already. Keep one."
            )
        first.setdefault(value, index)


def outside(path: Path, value: int, lowest: int, highest: int) -> Findings:
    if not lowest <= value <= highest:
        yield Finding(path, f"{path[-1]} is {value}; it must be from {lowest} to {highest}.")


def known_ports(names: Sequence[str]) -> str:
    """For a message. The names are the caller's, who may have given very long ones."""
    return f"They are: {', '.join(quote(name, 15) for name in names)}."
