"""Adding a column made the SQLite table anew, and its triggers went with the old one: put them back."""

from importlib import import_module

from django.db import migrations

earlier = import_module("beeldkluis.devices.migrations.0002_no_overlap")


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            earlier._sqlite(cursor)


class Migration(migrations.Migration):
    dependencies = [("devices", "0005_models_in_one_place")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
