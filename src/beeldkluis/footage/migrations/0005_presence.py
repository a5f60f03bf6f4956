"""By which period of issue a recording is whose it is."""


import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0008_presence'),
        ('footage', '0004_holds_are_reviewed'),
    ]

    operations = [
        migrations.AddField(
            model_name='recording',
            name='period',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='devices.issueperiod'),
        ),
    ]
