from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("devices", "0009_incidents_of_the_journal")]
    operations = [
        migrations.AddField("bodycam", "register_changes", models.PositiveIntegerField(default=1)),
    ]
