"""Since when a code and an address are as they are, what officers were told, and links that confirm a code."""


import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from beeldkluis.journal import guard


def count_from_now(apps, _schema_editor):
    """Nobody knows since when a code or an address is as it is: they count as new, and so as too new for a while."""
    officer, now = apps.get_model("people", "Officer"), timezone.now()
    with guard.opened():
        officer.objects.exclude(code_hash="").update(code_set_at=now)
        officer.objects.exclude(email="").update(email_set_at=now)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_recovery_proof'),
    ]

    operations = [
        migrations.AddField(
            model_name='officer',
            name='code_confirmed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='officer',
            name='code_set_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='officer',
            name='email_set_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='CodeLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='code_links', to='people.officer')),
            ],
        ),
        migrations.CreateModel(
            name='FormerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('until', models.DateTimeField()),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_addresses', to='people.officer')),
            ],
        ),
        migrations.CreateModel(
            name='OfficerNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('told_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='people.officer')),
            ],
        ),
        migrations.RunPython(count_from_now, migrations.RunPython.noop),
    ]
