"""Kubernetes quantities (`250m`, `256Mi`), after `apimachinery/pkg/api/resource`."""

import re
from decimal import Context, Decimal

_QUANTITY = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d+)|(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])?)", re.ASCII)
_SUFFIXES = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "k": Decimal(10**3),
    "M": Decimal(10**6),
    "G": Decimal(10**9),
    "T": Decimal(10**12),
    "P": Decimal(10**15),
    "E": Decimal(10**18),
    "Ki": Decimal(2**10),
    "Mi": Decimal(2**20),
    "Gi": Decimal(2**30),
    "Ti": Decimal(2**40),
    "Pi": Decimal(2**50),
    "Ei": Decimal(2**60),
}
_MAX_LENGTH = 40
_MAX_EXPONENT = 18
_EXACT = Context(prec=120)


class BadQuantity(ValueError):
    """The text is no Kubernetes quantity. The message says why, for a person."""


def parse_quantity(text: str) -> Decimal:
    """The exact number that `text` stands for. Raises BadQuantity."""
    match = _QUANTITY.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if match is None:
        raise BadQuantity(
            "is not a Kubernetes quantity: a number, then nothing or one of n, u, m, k, M, G, T, P, E, "
            "Ki, Mi, Gi, Ti, Pi, Ei, for example 250m or 256Mi"
        )
    sign, digits, exponent, suffix = match.groups()
    if exponent is not None and abs(int(exponent[1:])) > _MAX_EXPONENT:
        raise BadQuantity(f"has an exponent beyond {_MAX_EXPONENT}")
    number = Decimal(f"{sign}{digits}{exponent or ''}")
    return _EXACT.multiply(number, _SUFFIXES[suffix]) if suffix else number
