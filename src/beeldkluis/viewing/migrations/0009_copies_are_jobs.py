"""A viewing copy is made by a job. Copies that wait, and the workers that run, are taken over as they are."""

from django.db import migrations, models


def take_over(apps, _schema_editor):
    Worker, Job = apps.get_model("jobs", "Worker"), apps.get_model("jobs", "Job")
    for old in apps.get_model("viewing", "CopyWorker").objects.all():
        Worker.objects.create(recipient=old.recipient, begun_at=old.begun_at, seen_at=old.seen_at, said=old.said)
    for copy in apps.get_model("viewing", "ViewingCopy").objects.filter(state="asked"):
        job = Job.objects.create(
            kind="viewing-copy", object=copy.clip, recording=copy.recording, state="waiting", lease=copy.lease, asked_at=copy.asked_at
        )
        copy.job = job.pk
        copy.save(update_fields=["job"])


def give_over(apps, _schema_editor):
    CopyWorker, Job = apps.get_model("viewing", "CopyWorker"), apps.get_model("jobs", "Job")
    for new in apps.get_model("jobs", "Worker").objects.all():
        CopyWorker.objects.create(recipient=new.recipient, begun_at=new.begun_at, seen_at=new.seen_at, said=new.said)
    for copy in apps.get_model("viewing", "ViewingCopy").objects.filter(state="asked"):
        job = Job.objects.filter(pk=copy.job).first()
        copy.lease = job.lease if job is not None else None
        copy.save(update_fields=["lease"])
    apps.get_model("jobs", "Heartbeat").objects.all().delete()  # handed over: going forward again makes them anew
    Job.objects.filter(kind="viewing-copy").delete()
    apps.get_model("jobs", "Worker").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("viewing", "0008_appointments_moved"), ("jobs", "0001_jobs")]
    operations = [
        migrations.AddField(model_name="viewingcopy", name="job", field=models.UUIDField(null=True)),
        migrations.RunPython(take_over, give_over),
        migrations.AlterField(model_name="viewingcopy", name="job", field=models.UUIDField(null=True, unique=True)),
        migrations.RemoveField(model_name="viewingcopy", name="lease"),
        migrations.DeleteModel(name="CopyWorker"),
    ]
