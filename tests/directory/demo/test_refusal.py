"""The demo's passwords, which everybody knows, on a site that others reach."""

from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.test import Client

from directory.demo.refusal import no_well_known_passwords
from directory.demo.users import ADMIN, ensure_users

pytestmark = pytest.mark.django_db


@pytest.fixture
def _users() -> None:
    ensure_users()


@pytest.mark.usefixtures("_users")
def test_a_well_known_password_is_refused_outside_debug_and_the_log_says_why(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DEBUG = False
    response = client.post("/cms/login/", {"username": ADMIN, "password": f"torv-{ADMIN}"})
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert "user admin was refused" in caplog.text


@pytest.mark.usefixtures("_users")
def test_a_well_known_password_opens_the_demo(settings: Any) -> None:
    settings.DEBUG = True
    assert authenticate(username=ADMIN, password=f"torv-{ADMIN}")


@pytest.mark.usefixtures("_users")
def test_a_user_of_the_demo_with_another_password_is_a_user(settings: Any) -> None:
    settings.DEBUG = False
    user = get_user_model().objects.get(username=ADMIN)
    user.set_password("nobody knows this one")
    user.save()
    assert authenticate(username=ADMIN, password="nobody knows this one") == user
    assert authenticate(username=ADMIN, password=f"torv-{ADMIN}") is None


@pytest.mark.usefixtures("_users")
def test_a_deploy_check_names_them_until_the_passwords_are_changed() -> None:
    (found,) = no_well_known_passwords(None)
    assert "admin, editor, owner, translator-da, translator-en, translator-sv" in found.msg
    for user in get_user_model().objects.all():
        user.set_unusable_password()
        user.save()
    assert no_well_known_passwords(None) == []
