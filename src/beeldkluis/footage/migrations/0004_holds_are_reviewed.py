"""Every hold has a moment at which somebody looks again (work-12): those that had none get one, ninety days after they began."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import F


def give_a_moment(apps, _schema_editor):
    """Ninety days, as the protocol's first version says."""
    hold = apps.get_model("footage", "Hold")
    hold.objects.filter(review_at__isnull=True).update(review_at=F("placed_at") + timedelta(days=90))


class Migration(migrations.Migration):
    dependencies = [("footage", "0003_observation_reminders")]
    operations = [
        migrations.RunPython(give_a_moment, migrations.RunPython.noop),
        migrations.AlterField(model_name="hold", name="review_at", field=models.DateTimeField()),
    ]
