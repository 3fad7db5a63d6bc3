"""Which version of an engine can open the data that another one wrote."""

from models.configuration.engines import Version, facts_of, known_majors, parse_version
from models.vocabulary import Engine


def check_upgrade(engine: Engine, old: str, new: str) -> str | None:
    """What keeps a deployed datasource from changing its version.

    PostgreSQL opens data of its own major version only; MySQL and MongoDB want every major version in turn; no
    engine promises to open what a newer one wrote.
    """
    before, after = parse_version(engine, old), parse_version(engine, new)
    if before is None or after is None:
        return None
    if _is_older(after, before):
        return f"{engine} {new} is older than the deployed {old} and may not open its data. Stay, or go to a newer one."
    facts = facts_of(engine)
    length = facts.data_format_length
    if before[:length] != after[:length]:
        return (
            f"{engine} {new} can't open the data of the deployed {old}. Add a second datasource with {new} and "
            "move the data by dump and restore."
        )
    if facts.stepwise and _skips(engine, before, after):
        return f"{engine} is upgraded from {old} to {new} one major version after the other. Go to the next one first."
    return None


def _is_older(version: Version, than: Version) -> bool:
    """Compares what both say: `8` is the newest 8.x, so no older than 8.4."""
    length = min(len(version), len(than))
    return version[:length] < than[:length]


def _skips(engine: Engine, before: Version, after: Version) -> bool:
    majors = known_majors(engine)
    return majors.index(after[0]) - majors.index(before[0]) > 1
