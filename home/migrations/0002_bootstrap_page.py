"""Gives the base page its locale and translation key, as Wagtail's own page had them step by step."""

from django.db import migrations
from wagtail.models import BootstrapLocaleField, BootstrapTranslatableModel, BootstrapTranslationKeyField


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        BootstrapLocaleField("home.Page"),
        BootstrapTranslationKeyField("home.Page"),
        BootstrapTranslatableModel("home.Page"),
    ]
