"""What is known of the engines' images."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.configuration.engines import (
    data_path,
    default_variables,
    facts_of,
    known_majors,
    known_versions,
    parse_version,
)
from models.vocabulary import Engine


@pytest.mark.parametrize("engine", list(Engine))
def test_lines_are_in_their_order_and_known(engine: Engine) -> None:
    lines = facts_of(engine).lines
    numbers = [parse_version(engine, line) for line in lines]
    assert None not in numbers
    assert numbers == sorted(numbers, key=lambda version: version or ())
    assert known_versions(engine) == ", ".join(lines)
    for major in known_majors(engine):
        assert parse_version(engine, str(major)) == (major,)


@given(st.sampled_from(Engine), st.text("0123456789.", max_size=8))
def test_a_version_is_a_line_a_release_of_it_or_a_major_alone(engine: Engine, version: str) -> None:
    numbers = parse_version(engine, version)
    lines = [tuple(map(int, line.split("."))) for line in facts_of(engine).lines]
    known = [*lines, *((line[0],) for line in lines), *((*line, release) for line in lines for release in range(61))]
    said = next((one for one in known if ".".join(map(str, one)) == version), None)
    assert numbers == said


def test_a_line_has_releases_from_0_to_60() -> None:
    assert [parse_version(Engine.REDIS, f"7.4.{release}") for release in (0, 60)] == [(7, 4, 0), (7, 4, 60)]
    assert parse_version(Engine.REDIS, "7.4.61") is None


def test_any_text_is_answered() -> None:
    for text in ("", ".", "8.", "8.0." + "9" * 10_000, "8.0.٣", "8.0.+1", "8.0.1_0", "8.0.-1", "8.0.01"):
        assert parse_version(Engine.MYSQL, text) is None


def test_postgresql_moved_its_data_in_18() -> None:
    assert data_path(Engine.POSTGRES, "17.6") == "/var/lib/postgresql/data"
    assert data_path(Engine.POSTGRES, "18.1") == "/var/lib/postgresql"
    assert default_variables(Engine.POSTGRES, "17") == {"PGDATA": "/var/lib/postgresql/data/pgdata"}
    assert default_variables(Engine.POSTGRES, "18") == default_variables(Engine.MYSQL, "8.4") == {}
