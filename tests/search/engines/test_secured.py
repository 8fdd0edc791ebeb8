"""A server with users, rights and TLS: every way to log in and to trust it works, and what is wrong is one sentence."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from search import engines
from search.checks import elasticsearch_answers
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch.configuration import Configuration
from search.errors import IndexUnavailable, ServerUnavailable
from search.queries import find, parse
from search.types import Change, Plan, Query
from tests.factories.directory import EnterprisePageFactory
from tests.search.engines.impostors import NODES, PRODUCT, impostor
from tests.search.listings import Listings, make_listings
from tests.services.fixtures import unavailable
from tests.services.secured import PASSWORD, Secured
from tests.services.servers import Unavailable

pytestmark = [pytest.mark.xdist_group("secured"), pytest.mark.timeout(300)]

EVERYTHING = Query("listings", "da", size=100, facets=())
ROLES = {
    # What docs/growing.md says a site's user needs.
    "site": {
        "cluster": ["monitor", "manage_index_templates"],
        "indices": [{"names": ["site.*"], "privileges": ["all"]}],
    },
    "no-rights": {"cluster": [], "indices": []},
    "no-templates": {"cluster": ["monitor"], "indices": [{"names": ["site.*"], "privileges": ["all"]}]},
    "reader": {"cluster": ["monitor"], "indices": [{"names": ["site.*"], "privileges": ["read"]}]},
}


@pytest.fixture(scope="module")
def secured() -> Iterator[Secured]:
    try:
        made = Secured.start(ROLES)
    except Unavailable as missing:
        unavailable(missing)
    yield made
    made.server.discard()


@pytest.fixture(scope="module")
def rows(secured: Secured) -> int:
    """Listings under the prefix `shared`, put there by the superuser."""
    settings = Configuration(hosts=(secured.url,), prefix="shared", user="admin", password=PASSWORD, ca=secured.ca)
    return ElasticsearchEngine(settings).rebuild(Listings(), make_listings(7), list)


def engine(secured: Secured, **configuration: Any) -> ElasticsearchEngine:
    given = {"hosts": (secured.url,), "prefix": "shared", "timeout": 30.0, **configuration}
    return ElasticsearchEngine(Configuration(**given))


def log_in(**other: Any) -> dict[str, Any]:
    return {"user": "admin", "password": PASSWORD, **other}


# -- what works ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["as openssl writes it", "without colons, in small letters"])
def test_a_certificate_is_trusted_by_its_fingerprint(secured, rows, spelling):
    found = secured.fingerprint()
    found = found if "openssl" in spelling else found.replace(":", "").lower()
    made = engine(secured, **log_in(fingerprint=found))
    assert made.problem() == ""
    assert made.search(Listings(), EVERYTHING, Plan("da")).total == rows


def test_a_certificate_is_trusted_by_its_authority(secured, rows):
    made = engine(secured, **log_in(ca=secured.ca))
    assert made.problem() == ""
    assert made.search(Listings(), EVERYTHING, Plan("da")).total == rows


def test_a_user_with_the_rights_that_are_documented_does_all_that_a_site_does(secured):
    made = engine(secured, prefix="site", user="site", password=PASSWORD, ca=secured.ca)
    assert made.problem() == ""
    listings = make_listings(5)
    made.rebuild(Listings(), listings, list)
    made.rebuild(Listings(), listings[:4], list)
    made.apply(Listings(), [Change("1", None, 5)])
    assert made.search(Listings(), EVERYTHING, Plan("da")).total == 3
    assert len(made.fingerprints(Listings())) == 3
    assert made.status(Listings()).ready
    made.rollback(Listings())
    assert made.search(Listings(), EVERYTHING, Plan("da")).total == 5


@pytest.mark.django_db
def test_a_site_works_with_credentials_and_tls(secured, settings, client):
    use(settings, secured, USER="admin", PASSWORD=PASSWORD, CA=secured.ca)
    EnterprisePageFactory(title_da="Havnens Kantine")
    call_command("search", "rebuild", stdout=io.StringIO())
    results = find(parse({"q": "kantine"}, "da"))
    assert (results.total, results.degraded) == (1, False)
    assert elasticsearch_answers(None) == []
    assert client.get("/health/ready").json()["checks"]["search"]["status"] == "ok"


# -- what is wrong ---------------------------------------------------------------------------------------------------

REFUSED = "Elasticsearch refuses the credentials in TORV_ELASTICSEARCH_API_KEY or TORV_ELASTICSEARCH_USER."
UNTRUSTED = "Elasticsearch's certificate is not trusted: see TORV_ELASTICSEARCH_CA and TORV_ELASTICSEARCH_FINGERPRINT."


def use(settings: Any, secured: Secured, **given: Any) -> None:
    settings.TORV_SEARCH_ENGINE = "elasticsearch"
    settings.TORV_ELASTICSEARCH_URL = [secured.url]
    settings.TORV_ELASTICSEARCH_PREFIX = "whole-site"
    settings.TORV_ELASTICSEARCH_TIMEOUT = 30.0
    for name, value in given.items():
        setattr(settings, f"TORV_ELASTICSEARCH_{name}", value)
    engines.forget()


def wrong(secured: Secured, kind: str) -> tuple[dict[str, str], str]:
    """Settings with one mistake, and what is said about it."""
    certificates = secured.certificates
    user = {"USER": "admin", "PASSWORD": PASSWORD}
    return {
        "password": ({**user, "PASSWORD": "guessed", "CA": secured.ca}, REFUSED),
        "user": ({**user, "USER": "nobody-here", "CA": secured.ca}, REFUSED),
        "no credentials": ({"CA": secured.ca}, REFUSED),
        "key": ({"API_KEY": "bm8tc3VjaDprZXk=", "CA": secured.ca}, REFUSED),
        "key that is none": ({"API_KEY": "%%%", "CA": secured.ca}, REFUSED),
        "authority": ({**user, "CA": str(certificates / "other.crt")}, UNTRUSTED),
        "fingerprint": ({**user, "FINGERPRINT": secured.fingerprint("other")}, UNTRUSTED),
        "no authority": (user, UNTRUSTED),
        "no such file": (
            {**user, "CA": str(certificates / "missing.crt")},
            "TORV_ELASTICSEARCH_CA names a file that cannot be read.",
        ),
        "no certificate": (
            {**user, "CA": str(certificates / "names")},
            "TORV_ELASTICSEARCH_CA names a file that holds no certificate.",
        ),
        "odd fingerprint": (
            {**user, "FINGERPRINT": "ab:cd"},
            "TORV_ELASTICSEARCH_FINGERPRINT must be the 64 hexadecimal digits of a SHA-256 fingerprint.",
        ),
        "http": (
            {**user, "URL": [secured.url.replace("https", "http")]},
            "Elasticsearch cannot be reached.",
        ),
    }[kind]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind",
    [
        "password", "user", "no credentials", "key", "key that is none", "authority", "fingerprint", "no authority",
        "no such file", "no certificate", "odd fingerprint", "http",
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence_everywhere_and_no_traceback_to_a_visitor(secured, settings, client, kind):
    given, sentence = wrong(secured, kind)
    use(settings, secured, **given)
    EnterprisePageFactory(title_da="Havnens Kantine")
    out = io.StringIO()
    with pytest.raises(CommandError, match=sentence.split(":")[0]):
        call_command("search", "check", stdout=out)
    messages = [message.msg for message in checks()]
    assert messages == [sentence]
    ready = client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["status"] == "degraded"
    reason = ready.json()["checks"]["search"]["reason"]
    assert reason.startswith(sentence)
    assert PASSWORD not in ready.content.decode()
    answer = client.get("/api/v3/search/suppliers/?q=havnens&lang=da")
    assert (answer.status_code, answer.json()["degraded"], answer.json()["total"]) == (200, True, 1)


def checks() -> list[Any]:
    from search.checks import elasticsearch_settings_are_right

    return [*elasticsearch_settings_are_right(None), *elasticsearch_answers(None)]


@pytest.mark.parametrize("user", ["no-rights", "no-templates", "reader"])
def test_a_user_without_the_rights_to_build_is_told_so(secured, user):
    made = engine(secured, prefix="site", user=user, password=PASSWORD, ca=secured.ca)
    with pytest.raises(ServerUnavailable, match="user may not"):
        made.rebuild(Listings(), make_listings(2), list)


def test_a_user_of_another_sites_indexes_reads_nothing(secured, rows):
    made = engine(secured, user="site", password=PASSWORD, ca=secured.ca)
    with pytest.raises(IndexUnavailable):
        made.search(Listings(), EVERYTHING, Plan("da"))


def test_an_api_key_is_sent_as_it_was_given():
    sent = []
    with impostor(200, NODES % "8.19.0", PRODUCT, sent) as url:
        assert ElasticsearchEngine(Configuration(hosts=(url,), api_key="aWQ6a2V5")).problem() == ""
    assert sent[0]["Authorization"] == "ApiKey aWQ6a2V5"
