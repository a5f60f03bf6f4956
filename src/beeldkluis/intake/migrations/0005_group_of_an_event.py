from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_uploads_under_way")]
    operations = [
        migrations.AddField(
            model_name="receipt",
            name="group",
            field=models.CharField(blank=True, default="", max_length=100),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["serial", "group"], name="receipts_of_an_event"),
        ),
    ]
