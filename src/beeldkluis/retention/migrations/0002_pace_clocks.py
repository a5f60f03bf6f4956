import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last", models.DateTimeField()),
                ("clock", models.DateTimeField()),
                ("boot", models.CharField(blank=True, max_length=40)),
                ("ran", models.PositiveBigIntegerField(default=0)),
                ("by_machine", models.BooleanField(default=False)),
                (
                    "brake",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="pace", to="retention.brake",
                    ),
                ),
            ],
        ),
    ]
