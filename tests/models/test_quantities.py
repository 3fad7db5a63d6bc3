"""Quantities, by the grammar in the documentation of `apimachinery/pkg/api/resource.Quantity`."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.quantities import BadQuantity, parse_quantity

BINARY = {f"{letter}i": Fraction(1024) ** power for power, letter in enumerate("KMGTPE", 1)}
DECIMAL = {letter: Fraction(1000) ** power for power, letter in enumerate(["n", "u", "m", "", *"kMGTPE"], -3)}
SUFFIXES = {**BINARY, **DECIMAL}


def digits(text: str) -> bool:
    return text != "" and set(text) <= set("0123456789")


def read(text: str) -> Fraction | None:
    """What the text is worth, read letter by letter; None when the grammar does not know it."""
    sign = -1 if text.startswith("-") else 1
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    length = next((place for place, sign_ in enumerate(unsigned) if sign_ not in "0123456789."), len(unsigned))
    number, suffix = unsigned[:length], unsigned[length:]
    whole, dot, part = number.partition(".")
    if "." in part or not digits(whole + part):
        return None
    value = sign * (Fraction(whole or "0") + (Fraction(int(part), 10 ** len(part)) if dot and part else 0))
    if suffix in SUFFIXES:
        return value * SUFFIXES[suffix]
    exponent = suffix[2:] if suffix[1:2] in ("+", "-") else suffix[1:]
    return value * Fraction(10) ** int(suffix[1:]) if suffix[0] in "eE" and digits(exponent) else None


def parsed(text: str) -> Decimal | None:
    try:
        return parse_quantity(text)
    except BadQuantity:
        return None


@example("1E")
@example("1E3")
@example("1e-3")
@example("1Ei")
@example("1.Ki")
@example(".")
@example("")
@given(st.text("05.-+eEiKMkmnu", max_size=6))
def test_the_grammar_is_that_of_kubernetes(text: str) -> None:
    expected = read(text)
    value = parsed(text)
    if value is None:
        assert expected is None or "exponent" in refusal(text)
    else:
        assert Fraction(value) == expected


def refusal(text: str) -> str:
    with pytest.raises(BadQuantity) as refused:
        parse_quantity(text)
    return str(refused.value)


@given(
    st.integers(0, 10**12).map(str),
    st.text("0123456789", max_size=9),
    st.sampled_from([*SUFFIXES, "e18", "E-18", "e+3"]),
)
def test_nothing_is_rounded(whole: str, part: str, suffix: str) -> None:
    text = f"{whole}.{part}{suffix}"
    assert Fraction(parse_quantity(text)) == read(text)


def test_what_is_none_is_refused_with_an_example() -> None:
    for text in ("", " 1", "1 Mi", "1MB", "0x1", "٣", "1_000", "1,5", "inf", "NaN", "1\n", "1" * 41):
        assert "for example 250m or 256Mi" in refusal(text)
    assert refusal("1e19") == refusal("1e-19") == "has an exponent beyond 18"
    assert refusal("1e" + "9" * 30) == "has an exponent beyond 18"
