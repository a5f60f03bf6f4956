"""Entries, nodes and checkpoints are only ever added: the database itself refuses to change or remove them.

Details may be erased (a person's right), never changed. The head may only grow.
"""

from django.db import migrations

FIXED = ("journal_entry", "journal_node", "journal_checkpoint")


def _sqlite(cursor):
    for table in FIXED:
        for act in ("UPDATE", "DELETE"):
            cursor.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END"
            )
    cursor.execute(
        "CREATE TRIGGER journal_detail_no_update BEFORE UPDATE ON journal_detail "
        "BEGIN SELECT RAISE(ABORT, 'details are erased, never changed'); END"
    )
    cursor.execute(
        "CREATE TRIGGER journal_head_grows BEFORE UPDATE ON journal_head WHEN NEW.size < OLD.size OR NEW.id <> OLD.id "
        "BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"
    )


def _postgresql(cursor):
    cursor.execute(
        "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is only ever added to'; END $$"
    )
    for table in FIXED:
        cursor.execute(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION journal_refuse()"
        )
        cursor.execute(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
        )
    cursor.execute(
        "CREATE TRIGGER journal_detail_fixed BEFORE UPDATE ON journal_detail "
        "FOR EACH ROW EXECUTE FUNCTION journal_refuse()"
    )
    cursor.execute(
        "CREATE TRIGGER journal_head_grows BEFORE UPDATE ON journal_head FOR EACH ROW "
        "WHEN (NEW.size < OLD.size OR NEW.id <> OLD.id) EXECUTE FUNCTION journal_refuse()"
    )


def guard(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor](cursor)


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_head")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
