"""Quantities: what they are worth, and how they are given back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedded.kubernetes.quantities import canonical, parsed, written


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("1", "1", "1"),
        ("0.5", "0.5", "500m"),
        ("1000m", "1", "1"),
        ("1500m", "1.5", "1500m"),
        ("100u", "0.0001", "100u"),
        ("1e3", "1000", "1k"),
        ("2E", "2e18", "2E"),
        ("1Ki", "1024", "1Ki"),
        ("1024Mi", str(1024**3), "1Gi"),
        ("1.5Gi", str(1536 * 1024**2), "1536Mi"),
        ("0.5Ki", "512", "512"),
        ("-1", "-1", "-1"),
        ("0", "0", "0"),
    ],
)
def test_reads_and_writes(text: str, value: str, form: str) -> None:
    assert parsed(text) == Decimal(value)
    assert canonical(text) == form


@pytest.mark.parametrize("text", ["", "x", "1x", "1 Gi", "Gi", "1.2.3", "1ee3", "--1", "0x1"])
def test_refuses_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="quantities must match the regular expression"):
        parsed(text)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["m", "", "k", "M", "Ki", "Mi"]))
def test_the_canonical_form_is_worth_the_same(number: int, suffix: str) -> None:
    text = f"{number}{suffix}"
    assert parsed(canonical(text)) == parsed(text)
    assert canonical(canonical(text)) == canonical(text)
    assert parsed(written(parsed(text))) == parsed(text)
