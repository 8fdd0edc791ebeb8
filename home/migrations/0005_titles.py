"""Wagtail's migrations make a root page and a welcome page with a title that belongs to no language yet."""

from django.db import migrations, models


def fill(apps, schema_editor):
    page = apps.get_model("home", "Page")
    page.objects.filter(title_da=None).update(title_da=models.F("title"))
    for column in ("url_path_sv", "url_path_en"):
        page.objects.filter(**{column: ""}).update(**{column: models.F("url_path")})


class Migration(migrations.Migration):
    dependencies = [("home", "0004_pages")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
