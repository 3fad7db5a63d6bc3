"""What is refused is on record, whatever it was."""

import pytest
from sqlmodel import col, select

from models.audit.entry import AuditEntry
from models.vocabulary import AuditOutcome
from tests.resolvers.mutating import Asked, mutate, nothing_changed
from tests.resolvers.running_api import Api

NO_TEXT: dict[str, Asked] = {
    "createProject": {"name": "a\0b", "services": []},
    "updateService": {"serviceId": "svc_\0", "configuration": {}},
    "removeLeftovers": {"uids": ["\0"]},
}


def latest_entry(api: Api) -> AuditEntry:
    with api.database.reading() as session:
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert entry is not None
    return entry


@pytest.mark.parametrize(("mutation", "asked"), NO_TEXT.items())
def test_even_what_no_database_holds(api: Api, mutation: str, asked: Asked) -> None:
    with nothing_changed(api):
        answer = mutate(api, mutation, **asked)

    entry = latest_entry(api)
    assert answer["__typename"] == "InvalidInput"
    assert (entry.mutation, entry.outcome, entry.refusal) == (mutation, AuditOutcome.REFUSED, "InvalidInput")
    assert "NUL" in (entry.message or "")
