"""The table comes from the package of devices with every row in it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("devices", "0011_findings_move")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Finding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                        ),
                        ("rule", models.CharField(max_length=80)),
                        ("text", models.TextField()),
                        ("recording", models.UUIDField(db_index=True, null=True)),
                        ("bodycam", models.BigIntegerField(null=True)),
                        ("found_at", models.DateTimeField()),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("settled_because", models.TextField(blank=True)),
                    ],
                )
            ]
        )
    ]
