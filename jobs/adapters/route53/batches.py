"""Packing changes into batches that Route53 takes. Pure."""

from collections.abc import Iterable, Sequence

from jobs.adapters.route53.plan import Change, Unit

#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests-changeresourcerecordsets
#: An UPSERT would count twice; there are none here.
MOST_VALUES = 1000
MOST_CHARACTERS = 32_000


def batches(units: Iterable[Unit]) -> list[Sequence[Change]]:
    """The units in order, as few batches as their order allows, none of them split."""
    packed: list[list[Change]] = []
    values = characters = 0
    for unit in units:
        more_values = sum(max(1, len(change.record.values)) for change in unit)
        more_characters = sum(len(value) for change in unit for value in change.record.values)
        if not packed or values + more_values > MOST_VALUES or characters + more_characters > MOST_CHARACTERS:
            packed.append([])
            values = characters = 0
        packed[-1] += unit
        values += more_values
        characters += more_characters
    return list(packed)
