from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]

    operations = [
        migrations.AddField("sealedobject", "key_generation", models.PositiveIntegerField(default=1)),
        migrations.AddField("destruction", "bytes_removed", models.BigIntegerField(default=0)),
        migrations.AddField(
            "destruction",
            "begun_at",
            models.DateTimeField(default=datetime(1970, 1, 1, tzinfo=UTC)),
            preserve_default=False,  # no destruction exists before this migration
        ),
    ]
