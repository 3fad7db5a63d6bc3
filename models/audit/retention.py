"""The one way to remove entries of the audit log: by their age.

python -m models.audit.retention "$DATABASE_URL" --older-than-days 400
"""

import argparse
from datetime import timedelta

from sqlmodel import Session, col, delete

from models.audit.entry import AuditEntry, AuditRetention
from models.columns import now
from models.database import open_database

#: Nobody may remove younger entries by it.
LEAST = timedelta(days=30)


def forget_entries(session: Session, older_than: timedelta) -> int:
    """Removes all entries of that age, and says how many. Raises ValueError for less than `LEAST`.

    The triggers let a row go only while `audit_retention` says that its time is over, which it does inside this one
    transaction.
    """
    if older_than < LEAST:
        raise ValueError(f"the audit log is kept for {LEAST.days} days at least, not for {older_than.days}")
    expired_before = now() - older_than
    retention = session.get(AuditRetention, 1, with_for_update=True) or AuditRetention()
    retention.expired_before = expired_before
    session.add(retention)
    session.flush()
    removed = session.exec(delete(AuditEntry).where(col(AuditEntry.at) < expired_before)).rowcount
    retention.expired_before = None
    session.add(retention)
    session.flush()
    return removed


def main() -> None:
    parser = argparse.ArgumentParser(description="Removes old entries of the audit log.")
    parser.add_argument("database_url")
    parser.add_argument("--older-than-days", type=int, required=True)
    arguments = parser.parse_args()
    database = open_database(arguments.database_url)
    try:
        with database.writing() as session:
            removed = forget_entries(session, timedelta(days=arguments.older_than_days))
    except ValueError as error:
        parser.error(str(error))
    finally:
        database.close()
    print(f"removed {removed} entries")


if __name__ == "__main__":
    main()
