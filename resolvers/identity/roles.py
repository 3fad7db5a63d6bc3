"""The roles that a token's claim gives.

The claim has one of these shapes; whatever else is in it belongs to somebody else and is passed over:

    "EDITOR"                                  everywhere; several words are read as a list
    ["VIEWER", "acme:ADMIN"]                  a role everywhere, one in the project acme
    {"*": "VIEWER", "acme": ["ADMIN"]}        the same by project
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import cast

from models.access import ORDER
from models.vocabulary import Role

EVERYWHERE = "*"


def roles_in(claim: object) -> dict[str, Role]:
    """The highest role of each project, by name; `EVERYWHERE` is all of them."""
    roles: dict[str, Role] = {}
    for project, role in _grants(claim):
        roles[project] = max(role, roles.get(project, Role.VIEWER), key=ORDER.index)
    return roles


def claim_at(claims: Mapping[str, object], path: str) -> object:
    """The claim of that name, or the one to which its dots lead: realm_access.roles. None: there is none."""
    if path in claims:  # names may have dots of their own: https://acme.example/roles
        return claims[path]
    return reduce(_inside, path.split("."), cast("object", claims))


def _grants(claim: object) -> Iterator[tuple[str, Role]]:
    match claim:
        case str():
            yield from _grants(claim.split())
        case list():
            for entry in cast("Sequence[object]", claim):
                if isinstance(entry, str):
                    project, colon, word = entry.rpartition(":")
                    yield from _grant(project if colon else EVERYWHERE, word)
        case dict():
            for project, words in cast("Mapping[str, object]", claim).items():
                for word in (words,) if isinstance(words, str) else _texts(words):
                    yield from _grant(project, word)
        case _:
            return


def _inside(value: object, key: str) -> object:
    return cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None


def _texts(value: object) -> list[str]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str)]


def _grant(project: str, word: str) -> Iterator[tuple[str, Role]]:
    """Only as the API spells it: another system's "admin" means something else."""
    if project and word in Role.__members__:
        yield project, Role(word)
