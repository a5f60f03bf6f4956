"""Reasons for which a recording is set apart become rows that can end. What was set apart before gets its row by its words."""

import django.db.models.deletion
from django.db import migrations, models

from beeldkluis.journal import guard

WORDS = (
    ("unknown", "niet bekend in het register"),
    ("blocked", "camera is geblokkeerd"),
    ("unfinished", "niet afgemaakt"),
    ("key", "ontbreekt de sleutel van de camera"),
    ("times", "zegt niet wanneer"),
    ("rejected", "eerder geweigerd materiaal"),
)


def give_rows(apps, _schema_editor):
    """One for each recording that is set apart or was until it was destroyed; what fits no words is of the film."""
    recordings, rows = apps.get_model("footage", "Recording"), apps.get_model("footage", "SetApart")
    with guard.opened():
        for one in recordings.objects.exclude(quarantine_reason="").iterator(chunk_size=500):
            ground = next((name for name, words in WORDS if words in one.quarantine_reason), "film")
            rows.objects.create(
                recording=one,
                ground=ground,
                reason=one.quarantine_reason,
                set_at=one.received_at,
                ended_at=one.destroyed_at if one.state == "destroyed" else None,
            )


class Migration(migrations.Migration):
    dependencies = [("footage", "0008_term_as_recorded")]
    operations = [
        migrations.AddField("clip", "note", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.CreateModel(
            name="SetApart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ground", models.CharField(max_length=12)),
                ("part", models.CharField(blank=True, max_length=256)),
                ("reason", models.TextField()),
                ("set_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("taken_back", models.BooleanField(default=False)),
                (
                    "recording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="apart", to="footage.recording"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "setapart",
            models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("recording", "ground", "part"),
                name="one_live_reason_apart",
            ),
        ),
        migrations.RunPython(give_rows, migrations.RunPython.noop),
    ]
