"""Every page is found by an index, in the order in which it is shown: the last page costs what the first does.

The plans are those of an empty database. PostgreSQL is told to do without scans and sorts wherever it can, and so shows
where it can't: with many rows it does so by itself.
"""

import re
from itertools import chain
from typing import Any

from graphql import GraphQLObjectType
from sqlalchemy import SelectBase
from sqlmodel import Session

from models.access import Access
from models.columns import new_id
from models.database import Database
from models.reads import listings
from models.reads.listing import Listing, Position, page_of, pages_of
from models.vocabulary import Role
from tests.resolvers.mutating import schema

ADMIN = Access("ann", everywhere=Role.ADMIN)
OF_ONE = Access("bob", projects={"acme": Role.ADMIN})
ENVIRONMENT, PROJECT = new_id("env"), new_id("prj")

#: The list behind each connection below an object, with the key of a row in it.
OF_PARENTS: dict[str, tuple[Listing[Any], Position]] = {
    "Project.services": (listings.PROJECT_SERVICES, ("m",)),
    "Project.environments": (listings.ENVIRONMENTS, ("m", ENVIRONMENT)),
    "Environment.services": (listings.SERVICES, ("m",)),
    "Environment.operations": (listings.OPERATIONS, (7,)),
    "Environment.phaseHistory": (listings.TRANSITIONS, (7,)),
    "Service.operations": (listings.OPERATIONS_OF_SERVICES, (7,)),
    "Service.releases": (listings.RELEASES, (7,)),
    "Service.workflows": (listings.WORKFLOWS, (new_id("wfl"),)),
}
#: The lists behind the others, and those of one parent.
LISTS: dict[str, list[tuple[Listing[Any], Position]]] = {
    "Query.projects": [(listings.projects_of(ADMIN), ("m",))],
    "Query.environments": [
        (listings.environments_of(access, project, None, None), ("m", ENVIRONMENT))
        for access in (ADMIN, OF_ONE)
        for project in (None, PROJECT)
    ],
    "Query.auditLog": [
        (listings.audit_entries_of(access, project, object_id), (new_id("aud"),))
        for access, project, object_id in (
            (ADMIN, None, None),
            (ADMIN, PROJECT, None),
            (ADMIN, None, ENVIRONMENT),
            (OF_ONE, None, None),
        )
    ],
    **{name: [(listing.below(PROJECT), key)] for name, (listing, key) in OF_PARENTS.items()},
}
#: Never longer than a project's blueprint, which has MAX_SERVICES at most.
SHORT = {"Environment.availableServices"}


def plan(session: Session, statement: SelectBase) -> str:
    """How the database would carry it out."""
    connection = session.connection()
    text = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
    assert not re.search(r"OFFSET (?!0\b)", text)
    if connection.dialect.name == "sqlite":
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))
    for way in ("seqscan", "bitmapscan", "sort"):
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {text}"))


def test_a_page_is_found_by_its_key(database: Database) -> None:
    for listing, key in chain.from_iterable(LISTS.values()):
        with database.writing() as session:
            first, later = (plan(session, page_of(listing, 20, after)) for after in (None, key))
        for shown in (first, later):
            assert not re.search(r"TEMP B-TREE|Sort|Seq Scan|^SCAN \w+$", shown, re.MULTILINE), shown
        # The key is where the index is entered, not a condition on rows that were read
        table = listing.table.__tablename__
        entered = re.search(rf"SEARCH {table} USING INDEX.*[<>]|Scan.* on {table}\n *Index Cond:.* [<>] ", later)
        assert entered, later
        assert not re.search(rf"on {table}\n *Index Cond:.*\n *Filter", later), later


def test_the_pages_of_many_parents_are_each_found_by_their_key(database: Database) -> None:
    for listing, key in OF_PARENTS.values():
        with database.writing() as session:
            shown = plan(session, pages_of(session, listing, ["a", "b"], 20, key))
        table = listing.table.__tablename__
        sqlite = rf"LIST SUBQUERY \d+\nSEARCH {table} USING .*INDEX \w+ \(\w+=\? AND .*[<>]"
        postgresql = rf"Limit\n *->  Index .*Scan.* on {table}\n *Index Cond:.*asked.value\) AND .* [<>] "
        assert re.search(f"{sqlite}|{postgresql}", shown), shown
        assert not re.search(rf"Seq Scan|SCAN {table}", shown), shown


def test_no_connection_is_left_out() -> None:
    connections = {
        f"{type_.name}.{name}"
        for type_ in schema().type_map.values()
        if isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items()
        if str(field.type).rstrip("!").endswith("Connection")
    }
    assert connections == LISTS.keys() | SHORT
