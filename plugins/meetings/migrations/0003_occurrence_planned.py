import datetime as dt

from django.db import migrations, models

VENUE = ("venue_name", "street", "postal_code", "city", "online_url")


def note_what_was_published(apps, schema_editor):
    """What the pages say of their dates now is what the next edit is compared with."""
    Occurrence = apps.get_model("meetings", "Occurrence")
    for date in Occurrence.objects.filter(withdrawn=False).select_related("page").iterator(chunk_size=500):
        page = date.page
        start = dt.datetime.combine(page.date, page.start_time)
        length = dt.datetime.combine(page.end_date or page.date, page.end_time) - start
        date.planned = {
            "ends_at": (date.recurrence_id + length).isoformat(),
            **{name: getattr(page, name) for name in VENUE},
        }
        date.save(update_fields=["planned"])


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0002_registration_line'),
    ]

    operations = [
        migrations.AddField(
            model_name='occurrence',
            name='invited_as',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='occurrence',
            name='planned',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.RunPython(note_what_was_published, migrations.RunPython.noop, elidable=True),
    ]
