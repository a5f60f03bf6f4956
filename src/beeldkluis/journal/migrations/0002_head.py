from django.db import migrations

from beeldkluis.journal import guard


def make_head(apps, schema_editor):
    with guard.opened():
        apps.get_model("journal", "Head").objects.get_or_create(pk=1, defaults={"size": 0})


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(make_head, migrations.RunPython.noop)]
