import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("devices", "0004_models_of_bodycams")]
    operations = [
        migrations.AlterField(
            model_name="bodycam",
            name="kind",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="bodycams", to="devices.cameramodel"
            ),
        ),
        migrations.RemoveField(model_name="bodycam", name="make"),
        migrations.RemoveField(model_name="bodycam", name="model"),
        migrations.RemoveField(model_name="bodycam", name="pre_event_seconds"),
    ]
