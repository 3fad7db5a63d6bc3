"""Objects that clients see, made of rows of the database."""

from typing import TypeVar

from sqlmodel import SQLModel

T = TypeVar("T")


def showing(kind: type[T], row: SQLModel) -> T:
    """An object of the kind that has the attributes of the row: what the row has loaded, the same dictionary.

    Lists have a thousand, of which most fields are never asked for: to copy them takes longer than to answer.
    """
    shown = object.__new__(kind)
    shown.__dict__ = row.__dict__  # pyright: ignore[reportAttributeAccessIssue]
    return shown
