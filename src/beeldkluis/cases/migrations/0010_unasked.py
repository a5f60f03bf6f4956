"""A preservation counts from when it was registered (I-69). Of those of before, that was not written down: they count from
receipt, and end no sooner than four weeks from now, so that somebody is told ahead.
"""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone


def begin(apps, _schema_editor):
    """A year and four weeks, as the protocol's first version says."""
    cases = apps.get_model("cases", "Case").objects.filter(kind="preservation", forwarded_at__isnull=True)
    soonest = timezone.now() - timedelta(days=365 - 28)
    for case in cases.exclude(state="closed").only("received_at"):
        case.forwarded_at = max(case.received_at, soonest)
        case.save(update_fields=["forwarded_at"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_law")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
