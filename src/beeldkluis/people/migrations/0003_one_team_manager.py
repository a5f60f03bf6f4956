from django.db import migrations, models

from beeldkluis.journal import guard


def act_in_own_role(apps, schema_editor):
    """Everybody acts in the own role. Where there were more team managers, the one added first acts and the others rest."""
    people = apps.get_model("people", "Person").objects
    with guard.opened():
        people.update(acting=models.F("role"))
        first = people.filter(role="team_manager", is_active=True).order_by("added_at", "pk").first()
        if first is not None:
            people.filter(role="team_manager", is_active=True).exclude(pk=first.pk).update(
                role="deputy", acting="deputy"
            )


class Migration(migrations.Migration):
    dependencies = [("people", "0002_roles_and_signatures")]
    operations = [
        migrations.RunPython(act_in_own_role, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="person",
            name="acting",
            field=models.CharField(
                choices=[
                    ("team_manager", "teammanager"),
                    ("deputy", "plaatsvervangend teammanager"),
                    ("dpo", "functionaris gegevensbescherming"),
                    ("administrator", "beheerder"),
                    ("officer", "handhaver"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                condition=models.Q(("acting", "team_manager"), ("is_active", True)),
                fields=("acting",),
                name="one_person_acts_as_team_manager",
            ),
        ),
    ]
