"""Recordings whose clock nobody measured: their term runs from the receipt, and is asked anew in the next minute, on record."""

from django.db import migrations


def ask_anew(apps, _schema_editor):
    """`due_under` empty: the round that follows a new version takes them too (footage.term_actions)."""
    recording = apps.get_model("footage", "Recording")
    recording.objects.filter(clock_offset_ms=None).exclude(state="destroyed").update(due_under="")


class Migration(migrations.Migration):
    dependencies = [("footage", "0006_term_not_after_receipt")]
    operations = [migrations.RunPython(ask_anew, migrations.RunPython.noop)]
