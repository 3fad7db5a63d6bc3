"""Quantities as Kubernetes writes them: `100m`, `1.5Gi`, `2e3`."""

import re
from decimal import Decimal

#: As the API server quotes it to who sends another.
PATTERN = r"^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$"
_QUANTITY = re.compile(r"(?P<number>[+-]?(\d+\.?\d*|\.\d+))(?P<suffix>[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?")
_BINARY = {name: Decimal(1024) ** power for power, name in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), 1)}
_POWERS = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_DECIMAL = {name: Decimal(10) ** power for name, power in _POWERS.items()}
_FACTORS = {**_BINARY, **_DECIMAL}


def parsed(text: str | float) -> Decimal:
    """Raises ValueError if it is no quantity."""
    number, suffix = _split(text)
    if suffix in _FACTORS:
        return number * _FACTORS[suffix]
    return number * Decimal(10) ** int(suffix[1:])


def canonical(text: str | float) -> str:
    """The form in which the server gives it back: `0.5` as `500m`, `1.5Gi` as `1536Mi`, `1024Mi` as `1Gi`.

    Raises ValueError if it is no quantity.
    """
    value = parsed(text)
    suffix = _split(text)[1]
    if suffix in _BINARY and abs(value) >= 1024:
        return _written(value, _BINARY)
    return written(value)


def written(value: Decimal) -> str:
    """With the largest decimal suffix that leaves a whole number."""
    return _written(value, _DECIMAL)


def _written(value: Decimal, factors: dict[str, Decimal]) -> str:
    if not value:
        return "0"
    for suffix, factor in reversed(factors.items()):
        scaled = value / factor
        if scaled == scaled.to_integral_value():
            return f"{int(scaled)}{suffix}"
    smallest = value if factors is _BINARY else value * 10**9
    return f"{int(smallest.to_integral_value())}{'' if factors is _BINARY else 'n'}"


def _split(text: str | float) -> tuple[Decimal, str]:
    found = _QUANTITY.fullmatch(str(text).strip())
    if found is None:
        raise ValueError(f"quantities must match the regular expression '{PATTERN}'")
    return Decimal(found["number"]), found["suffix"] or ""
