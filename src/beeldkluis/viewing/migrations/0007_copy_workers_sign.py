"""A program that makes viewing copies signs that it runs. Those that ran before say so anew when they start."""

from django.db import migrations, models


def forget(apps, _schema_editor):
    """None of them holds a key any more once it is started again with this version."""
    apps.get_model("viewing", "CopyWorker").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("viewing", "0006_copies")]
    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.AddField(model_name="copyworker", name="said", field=models.TextField(blank=True, default=""), preserve_default=False),
    ]
