"""The term under which a recording was made decides (I-20): kept ones are asked anew in the next minute, on record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("footage", "0007_terms_from_receipt_clocks")]
    operations = [
        migrations.AddField(
            model_name="recording",
            name="assessed_under",
            field=models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
    ]
