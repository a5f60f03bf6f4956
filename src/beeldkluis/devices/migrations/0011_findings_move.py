"""Findings move to a package of their own, with their table: every row stays, and names its bodycam by id."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("devices", "0010_register_changes")]
    operations = [
        migrations.AlterField("finding", "bodycam", models.BigIntegerField(null=True)),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable("finding", "findings_finding")],
            state_operations=[migrations.DeleteModel("finding")],
        ),
    ]
