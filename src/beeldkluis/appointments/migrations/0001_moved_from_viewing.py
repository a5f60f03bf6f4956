"""Rooms and appointments move here from viewing with their rows: their tables are renamed, nothing is copied. What refers to
them goes along: both databases rewrite a foreign key when the table that it names is renamed.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("cases", "0009_law"),
        ("viewing", "0007_workers_sign_and_checks_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Room",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=80, unique=True)),
                        ("address", models.CharField(max_length=200)),
                        ("note", models.TextField(blank=True)),
                        ("retired_at", models.DateTimeField(null=True)),
                    ],
                    options={"db_table": "viewing_room"},
                ),
                migrations.CreateModel(
                    name="Appointment",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ("proposed", models.JSONField(default=list)),
                        ("at", models.DateTimeField(null=True)),
                        ("minutes", models.PositiveSmallIntegerField()),
                        ("companion", models.BooleanField(default=False)),
                        ("sequence", models.PositiveSmallIntegerField(default=0)),
                        ("made_at", models.DateTimeField()),
                        ("told_at", models.DateTimeField(null=True)),
                        ("cancelled_at", models.DateTimeField(null=True)),
                        ("over_at", models.DateTimeField(null=True)),
                        ("because", models.TextField(blank=True)),
                        ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="cases.case")),
                        ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                        ("room", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="appointments.room")),
                    ],
                    options={
                        "db_table": "viewing_appointment",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("cancelled_at__isnull", True), ("over_at__isnull", True)),
                                fields=("case",),
                                name="one_appointment_at_a_time",
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.AlterModelTable(name="room", table=None),
        migrations.AlterModelTable(name="appointment", table=None),
    ]
