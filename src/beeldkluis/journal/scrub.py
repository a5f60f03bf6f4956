"""What was erased from the tables is to be gone from the database's files as well.

SQLite overwrites what is erased (secure_delete), but the log it writes ahead keeps older pages until it begins anew; PostgreSQL
keeps erased rows until it cleans up. Copies of the disk from before are not reached by either: docs/decisions/0133.
"""

from django.db import connection
from django.db.backends.utils import CursorWrapper

PATIENCE = 500  # milliseconds

TABLES = (
    "journal_detail", "cases_case", "cases_casedocument", "cases_letter", "cases_decision", "cases_remedy",
    "outbox_outgoing", "viewing_attendance", "viewing_viewing", "appointments_appointment", "viewing_opening", "viewing_marker",
    "people_person", "people_officer", "people_formeraddress", "people_officernotice", "people_acknowledgement",
)  # fmt: skip


def _empty_the_log(cursor: CursorWrapper) -> bool:
    """Write the log into the database and begin it anew. Waits briefly for who reads: meanwhile nobody can write."""
    cursor.execute("PRAGMA busy_timeout")
    usual = int(cursor.fetchone()[0])
    cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(cursor.fetchone()[0]) == 0
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {usual}")


def scrub() -> bool:
    """Have the database clean up after an erasure. False when it could not now, as somebody reads or a transaction is open:
    then it is asked again later.
    """
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return _empty_the_log(cursor)
        cursor.execute(f"VACUUM {', '.join(TABLES)}")
    return True
