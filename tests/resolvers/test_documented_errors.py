"""Clients find every code and every limit in the documentation."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from models.sealing import generate_key
from resolvers.failures import FailureCode
from resolvers.settings import ApiSettings
from resolvers.transport import Code, TransportLimits

TEXT = (Path(__file__).parents[2] / "docs" / "errors.md").read_text()
#: How the endpoint works inside, and no limit of what clients may ask.
INSIDE = {
    "introspection",
    "documents_remembered",
    "compiled_plans",
    "field_costs",
    "assumed_page",
    "keep_alive_seconds",
}


@pytest.mark.parametrize("name", sorted(set(vars(TransportLimits())) - INSIDE))
def test_a_limit_is_documented_with_its_default(name: str) -> None:
    default = getattr(TransportLimits(), name)
    assert f"| `LIMITS__{name.upper()}` | {default:g} |" in TEXT.replace(f"{default}", f"{default:g}")


def test_no_limit_is_documented_that_is_not_there() -> None:
    documented = {name.lower() for name in re.findall("`LIMITS__([A-Z_]+)`", TEXT)}
    assert documented <= set(vars(TransportLimits()))


def test_how_to_turn_the_plans_off_is_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMITS__COMPILED_PLANS", "false")
    assert not ApiSettings(secrets_key=SecretStr(generate_key())).transport_limits.compiled_plans
    assert "`LIMITS__COMPILED_PLANS=false`" in TEXT


@pytest.mark.parametrize("code", [*Code, *FailureCode])
def test_a_code_is_documented(code: Code | FailureCode) -> None:
    shortened = f"`{code.removesuffix('LIMIT_EXCEEDED')}…`"
    assert f"`{code}`" in TEXT or shortened in TEXT
