"""Which version opens the data of which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.configuration.engines import facts_of
from models.configuration.rules.upgrades import check_upgrade
from models.vocabulary import Engine


def versions(engine: Engine) -> st.SearchStrategy[str]:
    return st.sampled_from(facts_of(engine).lines)


@pytest.mark.parametrize(
    ("engine", "old", "new"),
    [
        (Engine.POSTGRES, "17", "17.6"),
        (Engine.POSTGRES, "17.6", "17"),
        (Engine.POSTGRES, "17.5", "17.6"),
        (Engine.MYSQL, "8.0", "8.4"),
        (Engine.MYSQL, "8.4", "9.0"),
        (Engine.MYSQL, "8", "8.4.3"),
        (Engine.REDIS, "6.2", "8.4"),
        (Engine.MONGODB, "6.0", "7.0"),
        (Engine.MONGODB, "8.0", "8.2"),
        (Engine.MONGODB, "8.2.1", "8"),
    ],
)
def test_data_that_can_be_opened(engine: Engine, old: str, new: str) -> None:
    assert check_upgrade(engine, old, new) is None


@pytest.mark.parametrize(
    ("engine", "old", "new", "words"),
    [
        (Engine.POSTGRES, "17", "18", "move the data by dump and restore"),
        (Engine.POSTGRES, "17.6", "18.0", "POSTGRES 18.0 can't open the data of the deployed 17.6"),
        (Engine.POSTGRES, "18", "17", "is older than the deployed 18"),
        (Engine.POSTGRES, "17.6", "17.5", "is older than the deployed 17.6"),
        (Engine.MYSQL, "8.4", "8.0", "is older"),
        (Engine.MYSQL, "8.4.3", "8.4.2", "is older"),
        (Engine.REDIS, "8.0", "7.4", "is older"),
        (Engine.MONGODB, "6.0", "8.0", "one major version after the other. Go to the next one first"),
        (Engine.MONGODB, "6", "8.2.1", "one major version after the other"),
    ],
)
def test_data_that_can_not(engine: Engine, old: str, new: str, words: str) -> None:
    problem = check_upgrade(engine, old, new)
    assert problem is not None
    assert words in problem


@given(st.sampled_from(Engine).flatmap(lambda engine: st.tuples(st.just(engine), versions(engine), versions(engine))))
def test_of_two_lines_at_most_one_opens_the_data_of_the_other(given_: tuple[Engine, str, str]) -> None:
    engine, one, other = given_
    ways = [check_upgrade(engine, one, other), check_upgrade(engine, other, one)]
    assert ways == [None, None] if one == other else any(ways)


def test_what_is_not_known_is_judged_elsewhere() -> None:
    assert check_upgrade(Engine.REDIS, "7.4", "latest") is None
    assert check_upgrade(Engine.REDIS, "5", "7.4") is None
