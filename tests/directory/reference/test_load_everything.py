"""The whole reference data, as `make demo` loads it."""

from io import StringIO

import pytest
from django.core.management import call_command

from directory.models import Category, Certification, CpvCode, Place, SocialObjective

pytestmark = pytest.mark.django_db


def test_load_fills_every_table() -> None:
    call_command("load_reference_data", verbosity=0)
    assert CpvCode.objects.count() == 9454
    assert Place.objects.filter(level=Place.Level.MUNICIPALITY, code__startswith="DK").count() == 98
    assert Place.objects.filter(level=Place.Level.MUNICIPALITY, code__startswith="SE").count() == 290
    assert Place.objects.filter(level=Place.Level.REGION, parent="DK").count() == 5
    assert Place.objects.filter(level=Place.Level.REGION, parent="SE").count() == 21
    assert SocialObjective.objects.count() == 7
    assert Certification.objects.count() >= 20
    assert Category.objects.filter(parent=None).count() == 14
    assert Category.objects.count() == 56


def test_command_says_what_it_did() -> None:
    call_command("load_reference_data", stdout=StringIO())
    out = StringIO()
    call_command("load_reference_data", stdout=out)
    assert "CPV codes: 0 added, 0 changed, 9454 in the list" in out.getvalue()
