"""Recordings that a clock which was ahead dated after their receipt: their term is asked anew in the next minute, on record."""

from django.db import migrations
from django.db.models import F


def ask_anew(apps, _schema_editor):
    """`due_under` empty: the round that follows a new version takes them too (footage.term_actions)."""
    recording = apps.get_model("footage", "Recording")
    recording.objects.filter(ended_at__gt=F("received_at")).exclude(state="destroyed").update(due_under="")


class Migration(migrations.Migration):
    dependencies = [("footage", "0005_presence")]
    operations = [migrations.RunPython(ask_anew, migrations.RunPython.noop)]
