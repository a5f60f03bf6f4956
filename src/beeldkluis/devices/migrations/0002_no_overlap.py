"""No two officers have one bodycam at the same time: the database itself refuses an overlapping issue period.

The rule (protocol.recording.may_issue) says so first, in words; this guard is for what would pass it by. A later migration
that makes the SQLite table anew must put these triggers back.
"""

from django.db import migrations

OVERLAPS = """EXISTS (
  SELECT 1 FROM devices_issueperiod AS other
  WHERE other.bodycam_id = NEW.bodycam_id AND other.id <> COALESCE(NEW.id, 0)
    AND (NEW.handed_in_at IS NULL OR other.issued_at < NEW.handed_in_at)
    AND (other.handed_in_at IS NULL OR NEW.issued_at < other.handed_in_at))"""
WORDS = "a bodycam is with one officer at a time"


def _sqlite(cursor):
    for act in ("INSERT", "UPDATE"):
        cursor.execute(
            f"CREATE TRIGGER devices_issueperiod_{act.lower()} BEFORE {act} ON devices_issueperiod WHEN {OVERLAPS} "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )


def _postgresql(cursor):
    cursor.execute(
        "CREATE FUNCTION devices_issueperiod_alone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {OVERLAPS} THEN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'exclusion_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    cursor.execute(
        "CREATE TRIGGER devices_issueperiod_alone BEFORE INSERT OR UPDATE ON devices_issueperiod "
        "FOR EACH ROW EXECUTE FUNCTION devices_issueperiod_alone()"
    )


def guard(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor](cursor)


class Migration(migrations.Migration):
    dependencies = [("devices", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
