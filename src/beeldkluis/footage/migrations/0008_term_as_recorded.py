"""The term under which a recording was made decides (I-20): kept ones are asked anew in the next minute, on record. And what a
camera that keeps local time leaves in doubt (I-53), and for which registers recordings were looked at (0127).
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("footage", "0007_terms_from_receipt_clocks"), ("devices", "0010_register_changes")]
    operations = [
        migrations.AddField(
            model_name="recording",
            name="assessed_under",
            field=models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField("recording", "wearer_disputed", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="CameraLooked",
            fields=[
                (
                    "bodycam",
                    models.OneToOneField(
                        on_delete=models.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="devices.bodycam",
                    ),
                ),
                ("changes", models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField("recording", "may_begin_earlier_ms", models.PositiveIntegerField(default=0)),
        migrations.AddField("recording", "may_end_later_ms", models.PositiveIntegerField(default=0)),
    ]
