"""Files in, files out: what changes, what does not, and what is said when something is wrong."""

import csv
import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.serializers.python import Serializer
from django.utils.translation import override
from wagtail.models import PageLogEntry, Revision

from directory.actions import import_enterprises
from directory.exchange.exporting import export_files
from directory.exchange.files import MAX_ERRORS, pack
from directory.exchange.sheets import BY_FILE, ENTERPRISES, OFFERS
from directory.models import EnterprisePage, Offer
from tests.factories import directory as make

pytestmark = pytest.mark.django_db


def table(*rows: dict[str, Any], file: str = "enterprises.csv") -> dict[str, bytes]:
    """A file with these rows; its columns are those that any row has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return {file: out.getvalue().encode()}


def offers(*rows: dict[str, Any]) -> dict[str, bytes]:
    return table(*rows, file="offers.csv")


def rows_of(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


def as_file(rows: list[dict[str, str]], name: str) -> dict[str, bytes]:
    return table(*rows, file=name)


def problems(files: dict[str, bytes]) -> list[tuple[str, int, str, str]]:
    with override("en"):
        plan = import_enterprises(files=files)
        assert not plan.applied
        return [(p.file, p.row, p.column, p.message) for p in plan.problems]


def snapshot() -> dict[str, Any]:
    """Every row of the directory, of its pages, and of what Wagtail keeps about them."""
    models = [*apps.get_app_config("directory").get_models(include_auto_created=True)]
    models += [apps.get_model(name) for name in ("home.Page", "wagtailcore.Revision", "wagtailcore.PageLogEntry")]
    return {model._meta.label: Serializer().serialize(model._base_manager.order_by("pk")) for model in models}


def fresh(key: str = "baekbo") -> EnterprisePage:
    return EnterprisePage.objects.get(key=key)


# ---- nothing changes ------------------------------------------------------------------------------------------------
def test_importing_an_export_changes_nothing(enterprise: EnterprisePage, codes: SimpleNamespace) -> None:
    make.EnterprisePageFactory(
        title_da=None, title_sv="Bara svenska", slug="bara", country="SE", live=False, municipality=codes.orebro,
        summary_sv="=1+1\r\n'rad två;\t\"citat\"",
        offers=[make.make_offer(name_da=None, name_sv="-Bröd", kind="product")],
    )  # fmt: skip
    draft = enterprise.get_latest_revision_as_object()
    draft.city = "Kun i kladde"
    draft.save_revision()
    before = snapshot()
    plan = import_enterprises(files=export_files())
    assert plan.applied
    assert plan.unchanged == 2
    assert snapshot() == before


def test_importing_an_export_with_semicolons_changes_nothing(enterprise: EnterprisePage) -> None:
    files = {}
    for name, content in export_files().items():
        out = io.StringIO()
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
        files[name] = out.getvalue().encode()
    before = snapshot()
    assert import_enterprises(files=files).applied
    assert snapshot() == before


def test_export_is_the_same_after_import_into_an_empty_directory(enterprise: EnterprisePage) -> None:
    files = export_files()
    enterprise.delete()
    plan = import_enterprises(files=files)
    assert (plan.problems, plan.created) == ([], 1)
    assert export_files() == files


def test_dry_run_writes_nothing(codes: SimpleNamespace) -> None:
    make.directory_page()
    before = snapshot()
    plan = import_enterprises(files=table({"key": "ny", "name_da": "Ny", "status": "live"}), dry_run=True)
    assert (plan.created, plan.applied, plan.problems) == (1, False, [])
    assert snapshot() == before


def test_one_wrong_cell_keeps_everything_out(enterprise: EnterprisePage) -> None:
    before = snapshot()
    plan = import_enterprises(
        files=table({"key": "ny", "name_da": "Ny"}, {"key": "anden", "name_da": "Anden", "employees": "mange"})
    )
    assert plan.problems
    assert snapshot() == before


def test_no_more_problems_are_listed_than_anybody_reads(enterprise: EnterprisePage) -> None:
    plan = import_enterprises(files=table(*({"key": f"k{n}", "employees": "many"} for n in range(MAX_ERRORS + 7))))
    assert len(plan.problems) == MAX_ERRORS
    assert plan.more_problems == 7


def test_problem_found_while_writing_keeps_everything_out(
    enterprise: EnterprisePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    enterprise.locked = True
    enterprise.save()
    before = snapshot()
    found = problems(table({"key": "ny", "name_da": "Ny"}, {"key": "baekbo", "city": "Skive"}))
    assert found == [("enterprises.csv", 3, "", "“Bækbo Rengøring” is locked.")]
    assert snapshot() == before


# ---- new ones -------------------------------------------------------------------------------------------------------
def test_new_enterprise_with_offers(codes: SimpleNamespace) -> None:
    make.directory_page()
    files = table(
        {
            "key": "r-17", "status": "live", "name_da": "Ærø Sæbe & Søn", "country": "DK", "municipality": "viborg",
            "areas": "Region Midtjylland; SE", "languages_spoken": "DA, so", "employees": "1 200",
            "social_purposes": "opp",
            "last_confirmed": "31.12.2025", "description_da": "Første\n\nAndet <3",
        }
    ) | offers(
        {
            "key": "1", "enterprise": "r-17", "kind": "product", "name_da": "Sæbe", "categories": "clean/schools",
            "cpv_codes": "90919300-2; 98311200",
        }
    )  # fmt: skip
    plan = import_enterprises(files=files)
    assert plan.problems == []
    page = fresh("r-17")
    assert (page.live, page.slug, page.municipality, page.employees) == (True, "aeroe-saebe-soen", codes.viborg, 1200)
    assert [place.pk for place in page.areas.all()] == ["DK/1082", "SE"]
    assert (page.languages_spoken, page.last_confirmed.isoformat()) == (["da", "so"], "2025-12-31")
    assert page.description_da == "<p>Første</p><p>Andet &lt;3</p>"
    offer = page.offers.get()
    assert (offer.kind, offer.name_da) == ("product", "Sæbe")
    assert [category.path for category in offer.categories.all()] == ["clean/schools"]
    assert [code.pk for code in offer.cpv_codes.all()] == ["90919300", "98311200"]


def test_own_keys_of_offers_mean_the_same_offers_the_next_time(codes: SimpleNamespace) -> None:
    make.directory_page()
    files = table({"key": "a", "name_da": "A"}, {"key": "b", "name_da": "B"}) | offers(
        {"key": "1", "enterprise": "a", "name_da": "Første"}, {"key": "1", "enterprise": "b", "name_da": "Anden"}
    )
    import_enterprises(files=files)
    plan = import_enterprises(files=files)
    assert plan.unchanged == 2
    assert Offer.objects.count() == 2


def test_new_enterprise_stays_a_draft_unless_the_file_says_live(codes: SimpleNamespace) -> None:
    make.directory_page()
    import_enterprises(files=table({"key": "ny", "name_da": "Ny"}))
    assert not fresh("ny").live
    import_enterprises(files=table({"key": "ny", "status": "live"}))
    assert fresh("ny").live


def test_new_enterprises_with_the_same_name_get_different_slugs(codes: SimpleNamespace) -> None:
    make.directory_page()
    import_enterprises(files=table({"key": "a", "name_da": "Ens"}, {"key": "b", "name_da": "Ens"}))
    assert sorted(EnterprisePage.objects.values_list("slug", flat=True)) == ["ens", "ens-2"]


def test_enterprise_in_swedish_only(codes: SimpleNamespace) -> None:
    make.directory_page()
    assert import_enterprises(files=table({"key": "s", "status": "live", "name_sv": "Åkerö Städ", "country": "SE"})).ok
    assert (fresh("s").public_languages, fresh("s").slug) == (["sv"], "akero-stad")


# ---- changes --------------------------------------------------------------------------------------------------------
def test_change_reaches_the_public_row_and_a_new_revision(enterprise: EnterprisePage) -> None:
    revisions = Revision.objects.count()
    plan = import_enterprises(files=table({"key": "baekbo", "city": "Skive"}))
    assert (plan.changed, plan.changes[0].describe()) == (1, ["city"])
    assert fresh().city == "Skive"
    assert fresh().get_latest_revision_as_object().city == "Skive"
    assert not fresh().has_unpublished_changes
    assert Revision.objects.count() == revisions + 1


def test_change_leaves_what_is_in_draft_in_draft(enterprise: EnterprisePage) -> None:
    draft = enterprise.get_latest_revision_as_object()
    draft.title_da = "Kun i kladde"
    draft.save_revision()
    import_enterprises(files=table({"key": "baekbo", "city": "Skive"}))
    page = fresh()
    assert (page.title_da, page.city, page.has_unpublished_changes) == ("Bækbo Rengøring", "Skive", True)
    draft = page.get_latest_revision_as_object()
    assert (draft.title_da, draft.city) == ("Kun i kladde", "Skive")


def test_offer_deleted_in_a_draft_stays_deleted_there(enterprise: EnterprisePage) -> None:
    draft = enterprise.get_latest_revision_as_object()
    offer = draft.offers.all()[1]
    draft.offers.remove(offer)
    draft.save_revision()
    import_enterprises(files=offers({"key": str(offer.key), "enterprise": "baekbo", "name_da": "Startsæt"}))
    assert fresh().offers.all()[1].name_da == "Startsæt"
    assert [o.name_da for o in fresh().get_latest_revision_as_object().offers.all()] == ["Skolerengøring"]


def test_new_offer_joins_the_draft_under_the_same_key(enterprise: EnterprisePage) -> None:
    draft = enterprise.get_latest_revision_as_object()
    draft.city = "Kladde"
    draft.save_revision()
    import_enterprises(files=offers({"key": "v", "enterprise": "baekbo", "name_da": "Vinduer"}))
    live = fresh().offers.get(name_da="Vinduer")
    drafted = fresh().get_latest_revision_as_object().offers.all()[2]
    assert (drafted.name_da, drafted.key, drafted.pk) == ("Vinduer", live.key, live.pk)


def test_columns_that_are_not_there_stay(enterprise: EnterprisePage) -> None:
    before = export_files()
    import_enterprises(files=table({"key": "baekbo", "city": "Skive"}))
    expected = rows_of(before, "enterprises.csv")
    expected[0]["city"] = "Skive"
    assert rows_of(export_files(), "enterprises.csv") == expected
    assert export_files()["offers.csv"] == before["offers.csv"]


def test_empty_cell_empties_the_field(enterprise: EnterprisePage) -> None:
    import_enterprises(files=table({"key": "baekbo", "areas": "", "employees": "", "employees_target_group": ""}))
    assert (fresh().areas.count(), fresh().employees) == (0, None)


def test_codes_of_an_offer_are_replaced(enterprise: EnterprisePage) -> None:
    offer = enterprise.offers.first()
    import_enterprises(files=offers({"key": str(offer.key), "enterprise": "baekbo", "cpv_codes": "98311200"}))
    assert [code.pk for code in fresh().offers.first().cpv_codes.all()] == ["98311200"]
    assert fresh().get_latest_revision_as_object().offers.all()[0].cpv_codes.all()[0].pk == "98311200"


def test_nothing_is_deleted(enterprise: EnterprisePage) -> None:
    files = export_files()
    import_enterprises(files=as_file(rows_of(files, "offers.csv")[:1], "offers.csv"))
    assert fresh().offers.count() == 2


def test_changed_slug_makes_a_redirect(enterprise: EnterprisePage, client: Any) -> None:
    import_enterprises(files=table({"key": "baekbo", "slug_da": "baekbo-ny"}))
    response = client.get("/da/leverandoerer/baekbo/")
    assert (response.status_code, response["Location"]) == (301, "/da/leverandoerer/baekbo-ny/")


def test_seven_digits_are_a_cpv_code_that_lost_its_zero(enterprise: EnterprisePage) -> None:
    make.CpvCodeFactory(code="03111000")
    offer = enterprise.offers.first()
    import_enterprises(files=offers({"key": str(offer.key), "enterprise": "baekbo", "cpv_codes": "3111000"}))
    assert [code.pk for code in fresh().offers.first().cpv_codes.all()] == ["03111000"]


def test_html_keeps_what_the_editor_knows(enterprise: EnterprisePage) -> None:
    text = '<p onclick="x()">Hej <strong>der</strong></p><script>x()</script><a href="javascript:x()">l</a>'
    import_enterprises(files=table({"key": "baekbo", "description_da": text}))
    assert fresh().description_da == "<p>Hej <b>der</b></p><a>l</a>"


# ---- what is wrong --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"country": "NO"}, "country", "“NO” is none of: DK, SE."),
        ({"country": ""}, "country", "This cell may not be empty."),
        ({"legal_form": "gmbh"}, "legal_form", "is none of: association"),
        ({"company_number": "12345678"}, "company_number", "not a Danish CVR number"),
        ({"country": "SE", "municipality": "", "company_number": "850101-1234"}, "company_number", "personal identity"),
        ({"municipality": "Atlantis"}, "municipality", "We do not know: Atlantis."),
        ({"municipality": "DK/1082"}, "municipality", "is not a valid choice"),
        ({"municipality": "Viborg, Örebro"}, "municipality", "Only one is possible here, not 2."),
        ({"municipality": "Örebro"}, "municipality", "in another country"),
        ({"areas": "Viborg; Nowhere; Mordor"}, "areas", "We do not know: Nowhere, Mordor."),
        ({"languages_spoken": "da, xx"}, "languages_spoken", "We do not know: xx."),
        ({"social_purposes": "opp, world-peace"}, "social_purposes", "We do not know: world-peace."),
        ({"employees": "12.5 m"}, "employees", "not a whole number"),
        ({"employees": "-3"}, "employees", "not a whole number"),
        ({"employees": "5", "employees_target_group": "6"}, "employees_target_group", "cannot be more of them"),
        ({"website": "not a url"}, "website", "valid URL"),
        ({"website": "javascript:alert(1)"}, "website", "valid URL"),
        ({"last_confirmed": "2025-02-30"}, "last_confirmed", "is not a date"),
        ({"last_confirmed": "2999-01-01"}, "last_confirmed", "has not come yet"),
        ({"summary_da": "x" * 301}, "summary_da", "at most 300"),
        ({"name_da": "", "name_sv": ""}, "name_da", "title in at least one language"),
        ({"slug_da": "not a slug"}, "slug_da", "slug"),
        ({"status": "online"}, "status", "“online” is none of: live, draft."),
        ({"status": "draft"}, "status", "takes nothing off the site"),
    ],
)
def test_wrong_cell_of_an_enterprise(enterprise: EnterprisePage, cells: dict, column: str, says: str) -> None:
    row = {"key": "baekbo", "name_da": "X", "country": "DK"}
    found = problems(table({"key": "other", "name_da": "X", "country": "DK"}, row | cells))
    assert [(file, row, where) for file, row, where, _message in found] == [("enterprises.csv", 3, column)]
    assert says in found[0][3]


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"kind": "thing"}, "kind", "“thing” is none of: service, product."),
        ({"categories": "clean/moon"}, "categories", "We do not know: clean/moon."),
        ({"cpv_codes": "90919300, 11111111"}, "cpv_codes", "We do not know: 11111111."),
        ({"cpv_codes": "abc"}, "cpv_codes", "We do not know: abc."),
        ({"name_da": ""}, "name_da", "name in at least one language"),
        ({"name_da": "x" * 201}, "name_da", "at most 200"),
        ({"enterprise": "nobody"}, "enterprise", "no enterprise with the key “nobody”"),
        ({"key": ""}, "key", "Every row needs a key."),
    ],
)
def test_wrong_cell_of_an_offer(enterprise: EnterprisePage, cells: dict, column: str, says: str) -> None:
    found = problems(offers({"key": "1", "enterprise": "baekbo", "name_da": "X", **cells}))
    assert [(file, row, where) for file, row, where, _message in found] == [("offers.csv", 2, column)]
    assert says in found[0][3]


@pytest.mark.parametrize(
    ("file", "cells", "column", "says"),
    [
        ("contacts.csv", {"name": "A", "is_public": "maybe"}, "is_public", "neither yes nor no"),
        ("contacts.csv", {"name": "A", "phone": "ring mig"}, "phone", "telephone number"),
        ("contacts.csv", {"name": "A", "email": "a@"}, "email", "valid email"),
        ("contacts.csv", {"name": "A", "is_public": "ja"}, "email", "needs an e-mail address or"),
        ("contacts.csv", {"email": "a@example.org"}, "name", "Give a name"),
        ("eligibilities.csv", {"article": "21"}, "article", "is none of: 20, 77."),
        ("eligibilities.csv", {"article": "20", "status": "documented", "dated": "1.1.2026"}, "evidence_da", "what"),
        ("eligibilities.csv", {"article": "20", "status": "documented", "evidence_da": "x"}, "dated", "date"),
        ("certifications.csv", {"certification": "iso-1"}, "certification", "We do not know: iso-1."),
        ("certifications.csv", {"certification": ""}, "certification", "cannot be null"),
        ("links.csv", {"url": ""}, "url", "cannot be blank"),
    ],
)  # fmt: skip
def test_wrong_cell_of_other_files(enterprise: EnterprisePage, file: str, cells: dict, column: str, says: str) -> None:
    found = problems(table({"key": "1", "enterprise": "baekbo", **cells}, file=file))
    assert [(where, row, name) for where, row, name, _message in found] == [(file, 2, column)]
    assert says in found[0][3]


def test_duplicated_keys_name_the_first_row(enterprise: EnterprisePage) -> None:
    found = problems(table({"key": "a", "name_da": "A"}, {"key": " a ", "name_da": "B"}))
    assert found == [("enterprises.csv", 3, "key", "Row 2 has this key too.")]


def test_key_with_strange_letters_is_refused(enterprise: EnterprisePage) -> None:
    [(_file, row, column, message)] = problems(table({"key": "a/b c", "name_da": "A"}))
    assert (row, column) == (2, "key")
    assert "letters, digits" in message


def test_slug_that_is_another_enterprises_in_swedish_is_refused_where_it_was_written(
    enterprise: EnterprisePage,
) -> None:
    EnterprisePage.objects.filter(pk=enterprise.pk).update(slug_sv="backbo")
    found = problems(table({"key": "ny", "name_da": "Ny", "slug_da": "backbo"}))
    assert found == [("enterprises.csv", 2, "slug_da", "Another enterprise has this slug.")]


@pytest.mark.parametrize("slugs", [{"slug_da": "baekbo"}, {"slug_da": "anden", "slug_sv": "baekbo"}])
def test_slug_of_another_enterprise_is_refused(enterprise: EnterprisePage, slugs: dict) -> None:
    found = problems(table({"key": "ny", "name_da": "Ny", **slugs}))
    assert ("Another enterprise has this slug.", 2) in {(message, row) for _file, row, _column, message in found}


def test_same_new_slug_twice_in_the_file_is_refused(enterprise: EnterprisePage) -> None:
    found = problems(
        table({"key": "a", "name_da": "A", "slug_da": "ens"}, {"key": "b", "name_da": "B", "slug_da": "ens"})
    )
    assert ("enterprises.csv", 3, "slug_da", "Another enterprise has this slug.") in found


def test_every_wrong_cell_is_reported_at_once(enterprise: EnterprisePage) -> None:
    found = problems(table({"key": "a", "name_da": "A", "country": "X", "employees": "x", "areas": "x"}))
    assert {column for _file, _row, column, _message in found} == {"country", "employees", "areas"}


def test_unknown_file_is_named(enterprise: EnterprisePage) -> None:
    assert problems({"prices.csv": b""})[0][0] == "prices.csv"


def test_no_file_at_all(enterprise: EnterprisePage) -> None:
    assert problems({}) == [("", 0, "", "Choose at least one file.")]


def test_site_without_a_directory(codes: SimpleNamespace) -> None:
    assert problems(table({"key": "a", "name_da": "A"}))[0][3] == "The site has no directory yet."


def test_scheduled_page_is_not_published_past_its_schedule(enterprise: EnterprisePage) -> None:
    revision = enterprise.get_latest_revision_as_object().save_revision()
    revision.approved_go_live_at = "2999-01-01T00:00:00Z"
    revision.save()
    [(_file, _row, _column, message)] = problems(table({"key": "baekbo", "city": "Skive"}))
    assert "scheduled" in message


def test_messages_are_in_the_readers_language(enterprise: EnterprisePage) -> None:
    with override("en"):
        english = import_enterprises(files=table({"key": "baekbo", "website": "x"})).problems[0].message
    with override("da"):
        danish = import_enterprises(files=table({"key": "baekbo", "website": "x"})).problems[0].message
    assert english != danish


# ---- who, and how much ----------------------------------------------------------------------------------------------
def test_user_without_permission_is_refused(enterprise: EnterprisePage) -> None:
    user = get_user_model().objects.create_user("visitor")
    with pytest.raises(PermissionDenied):
        import_enterprises(files=table({"key": "baekbo", "city": "X"}), user=user)


def test_import_is_in_the_log(enterprise: EnterprisePage) -> None:
    admin = get_user_model().objects.create_superuser("admin")
    import_enterprises(files=table({"key": "baekbo", "city": "Skive"}, {"key": "ny", "name_da": "Ny"}), user=admin)
    entry = PageLogEntry.objects.get(action="directory.import")
    assert (entry.user, entry.data) == (admin, {"created": 1, "changed": 1, "files": ["enterprises.csv"]})
    assert PageLogEntry.objects.filter(page=enterprise.pk, action="wagtail.publish", user=admin).exists()


def test_planning_unchanged_files_costs_a_constant_number_of_queries(
    enterprise: EnterprisePage, codes: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    def plan_queries() -> int:
        files = export_files()
        with django_assert_max_num_queries(40) as counted:
            assert import_enterprises(files=files, dry_run=True).ok
        return len(counted)

    before = plan_queries()
    for number in range(3):
        make.EnterprisePageFactory(
            title_da=f"Flere {number}",
            offers=[make.make_offer(cpv_codes=[codes.school], categories=[codes.clean])],
            contacts=[make.make_contact()],
        )
    assert plan_queries() == before


def test_export_costs_a_constant_number_of_queries(
    enterprise: EnterprisePage, codes: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(30) as few:
        export_files()
    for number in range(3):
        make.EnterprisePageFactory(title_da=f"Flere {number}", offers=[make.make_offer(cpv_codes=[codes.school])])
    with django_assert_max_num_queries(30) as many:
        export_files()
    assert len(many) == len(few)


# ---- export ---------------------------------------------------------------------------------------------------------
def test_export_holds_every_field(enterprise: EnterprisePage) -> None:
    files = export_files()
    [row] = rows_of(files, "enterprises.csv")
    assert row["key"] == "baekbo"
    assert (row["status"], row["areas"], row["municipality"]) == ("live", "DK/1082", "DK/1082/0791")
    assert (row["languages_spoken"], row["description_da"]) == ("da, ar", "<p>Vi er <b>31</b> medarbejdere.</p>")
    offer = rows_of(files, "offers.csv")[0]
    assert (offer["enterprise"], offer["categories"]) == ("baekbo", "clean, clean/schools")
    assert offer["cpv_codes"] == "90919300, 98311200"
    assert [contact["is_public"] for contact in rows_of(files, "contacts.csv")] == ["yes", "no"]


def test_export_neutralises_formulas(enterprise: EnterprisePage) -> None:
    import_enterprises(files=table({"key": "baekbo", "street": "=HYPERLINK(1)"}))
    assert rows_of(export_files(), "enterprises.csv")[0]["street"] == "'=HYPERLINK(1)"


def test_packed_export_has_every_file(enterprise: EnterprisePage) -> None:
    assert set(export_files()) == set(BY_FILE)
    assert pack(export_files()).startswith(b"PK")


def test_no_column_is_there_twice() -> None:
    for sheet in BY_FILE.values():
        assert len(set(sheet.headers)) == len(sheet.headers)


def test_every_translated_field_has_its_columns() -> None:
    names = set(ENTERPRISES.headers) | set(OFFERS.headers)
    expected = {"name", "summary", "description", "purpose", "capacity", "lead_time", "slug"}
    assert {f"{name}_{language}" for name in expected for language in ("da", "sv", "en")} <= names
