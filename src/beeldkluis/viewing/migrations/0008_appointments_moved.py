"""Rooms and appointments are of the package appointments from here on; their tables were renamed there. Only what Django knows
changes: the column of a viewing refers to the renamed table already.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0001_moved_from_viewing"),
        ("viewing", "0007_workers_sign_and_checks_once"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="viewing",
                    name="appointment",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="viewings",
                        to="appointments.appointment",
                    ),
                ),
                migrations.DeleteModel(name="Appointment"),
                migrations.DeleteModel(name="Room"),
            ],
        ),
    ]
