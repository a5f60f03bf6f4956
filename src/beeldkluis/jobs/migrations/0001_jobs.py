"""Workers, jobs and their heartbeats. What stood with viewing copies before is taken over by viewing 0009."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("recipient", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("begun_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("said", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("object", models.UUIDField()),
                ("recording", models.UUIDField()),
                ("attempt", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Wacht op de werker"),
                            ("running", "Wordt gedaan"),
                            ("done", "Klaar"),
                            ("failed", "Mislukt"),
                            ("cancelled", "Gestopt"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("lease", models.UUIDField(null=True)),
                ("parts_done", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=("kind", "object"),
                        name="one_job_of_a_kind_at_a_time",
                    )
                ],
                "indexes": [
                    models.Index(fields=["state", "asked_at"], name="jobs_open"),
                    models.Index(fields=["kind", "object"], name="jobs_of_object"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="heartbeat",
                        serialize=False,
                        to="jobs.job",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("progress", models.FloatField(default=0.0)),
                ("seconds_left", models.PositiveIntegerField(null=True)),
            ],
        ),
    ]
