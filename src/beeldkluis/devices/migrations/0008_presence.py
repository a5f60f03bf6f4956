"""When an issue and a hand-in were written down, and whether somebody asked around about one that came late."""


import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from beeldkluis.journal import guard


def entered_when_it_was(apps, _schema_editor):
    """What stood in the register already is taken as entered when it happened: the journal says when it really was."""
    periods = apps.get_model("devices", "IssuePeriod")
    with guard.opened():
        periods.objects.update(entered_at=models.F("issued_at"), hand_in_entered_at=models.F("handed_in_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0007_last_dock'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='issueperiod',
            name='asked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='issueperiod',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='issueperiod',
            name='entered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='issueperiod',
            name='hand_in_entered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(entered_when_it_was, migrations.RunPython.noop),
    ]
