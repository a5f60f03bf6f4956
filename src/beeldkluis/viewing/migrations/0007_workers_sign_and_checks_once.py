"""A program that makes viewing copies signs that it runs; those that ran before say so anew when they start. Headers of a new
recording are given once for the daily check.
"""

from django.db import migrations, models


def forget(apps, _schema_editor):
    """None of them holds a key any more once it is started again with this version."""
    apps.get_model("viewing", "CopyWorker").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("viewing", "0006_copies")]
    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.AddField(model_name="copyworker", name="said", field=models.TextField(blank=True, default=""), preserve_default=False),
        migrations.CreateModel(
            name="HeaderCheck",
            fields=[
                ("recording", models.UUIDField(primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("given_at", models.DateTimeField(db_index=True)),
                ("times", models.PositiveSmallIntegerField(default=1)),
                ("reported_at", models.DateTimeField(null=True)),
                ("again", models.BooleanField(default=False)),
            ],
        ),
    ]
