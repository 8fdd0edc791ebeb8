import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("home", "0003_finalize_page")]

    operations = [
        migrations.CreateModel(
            name="FairPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200)),
                ("place_da", models.CharField(blank=True, max_length=200, null=True)),
                ("place_sv", models.CharField(blank=True, max_length=200, null=True)),
                ("place_en", models.CharField(blank=True, max_length=200, null=True)),
                ("starts", models.DateTimeField(blank=True, null=True)),
            ],
            options={"abstract": False},
            bases=("home.page",),
        ),
        migrations.CreateModel(
            name="Stand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=10)),
                (
                    "fair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stands", to="fairs.fairpage"
                    ),
                ),
            ],
        ),
    ]
