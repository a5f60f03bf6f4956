"""The row that says when the page of an opening was last heard of is a heartbeat, as everywhere. Its rows are kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("viewing", "0009_copies_are_jobs")]
    operations = [
        migrations.RenameModel(old_name="SignOfLife", new_name="Heartbeat"),
        migrations.AlterField(
            model_name="heartbeat",
            name="opening",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                primary_key=True,
                related_name="heartbeat",
                serialize=False,
                to="viewing.opening",
            ),
        ),
    ]
