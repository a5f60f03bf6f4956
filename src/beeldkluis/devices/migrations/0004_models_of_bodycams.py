from django.db import migrations

from beeldkluis.journal import guard


def list_models(apps, schema_editor):
    """Each make and model once; what two cameras of one model said differently, the shortest promise holds."""
    kinds = apps.get_model("devices", "CameraModel").objects
    with guard.opened():
        for bodycam in apps.get_model("devices", "Bodycam").objects.order_by("-pre_event_seconds"):
            bodycam.kind, _new = kinds.update_or_create(
                make=bodycam.make,
                name=bodycam.model,
                defaults={"pre_event_seconds": bodycam.pre_event_seconds},
            )
            bodycam.save(update_fields=["kind"])


class Migration(migrations.Migration):
    dependencies = [("devices", "0003_models_and_incidents")]
    operations = [migrations.RunPython(list_models)]
