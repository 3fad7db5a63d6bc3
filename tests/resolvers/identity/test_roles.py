"""The shapes of the claim that gives roles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import Role
from resolvers.identity.roles import claim_at, roles_in

V, E, A = Role.VIEWER, Role.EDITOR, Role.ADMIN


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("EDITOR", {"*": E}),
        ("VIEWER acme:ADMIN", {"*": V, "acme": A}),
        (["VIEWER", "acme:EDITOR", "acme:ADMIN", "shop:EDITOR"], {"*": V, "acme": A, "shop": E}),
        (["ADMIN", "VIEWER"], {"*": A}),
        ({"*": "VIEWER", "acme": ["EDITOR", "VIEWER"]}, {"*": V, "acme": E}),
        (["offline_access", "uma_authorization", "EDITOR", 7, None, ["ADMIN"]], {"*": E}),
        ({"acme": {"ADMIN": True}, "shop": ["OWNER"], "": "ADMIN"}, {}),
        (["admin", "Admin", ":ADMIN", "acme:", "acme:admin", "ADMIN "], {}),
        (None, {}),
        (True, {}),
        (7, {}),
    ],
)
def test_a_claim_gives_these_roles(claim: object, expected: dict[str, Role]) -> None:
    assert roles_in(claim) == expected


def test_the_claim_is_found_by_its_name_or_by_a_way_of_dots() -> None:
    claims = {"https://acme.example/roles": "ADMIN", "realm_access": {"roles": ["EDITOR"]}, "flat": 1}
    assert claim_at(claims, "https://acme.example/roles") == "ADMIN"
    assert claim_at(claims, "realm_access.roles") == ["EDITOR"]
    for path in ("realm_access.groups", "flat.roles", "nothing", "realm_access.roles.0", ""):
        assert claim_at(claims, path) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


@given(JSON)
def test_no_claim_breaks_it_or_gives_a_role_that_it_does_not_name(claim: object) -> None:
    for role in roles_in(claim).values():
        assert role.value in repr(claim)
