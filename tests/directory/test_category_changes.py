"""What editors do to the tree of categories shows in search at the next request, in suppliers and offers alike."""

import pytest

from directory.models import Category
from search.queries import find, parse
from tests.factories.directory import CategoryFactory, CpvCodeFactory, EnterprisePageFactory, make_offer

pytestmark = pytest.mark.django_db

SOURCES = pytest.mark.parametrize("show", ["suppliers", "offers"])


def total(show: str, **parameters: str) -> int:
    return find(parse({"show": show, **parameters}, "da")).total


def counts(show: str) -> dict[str, int]:
    return {bucket.code: bucket.count for bucket in find(parse({"show": show}, "da")).facets["category"].buckets}


@pytest.fixture
def tree():
    """clean > schools > daily, with an offer in each of the lower two, and an empty branch beside it."""
    clean = CategoryFactory(code="clean", name_da="Rengøring")
    schools = CategoryFactory(code="schools", name_da="Skoler", parent=clean)
    daily = CategoryFactory(code="daily", name_da="Dagligt", parent=schools)
    CategoryFactory(code="care", name_da="Omsorg")
    EnterprisePageFactory(title_da="Bækbo", offers=[make_offer(name_da="Et", categories=[schools])])
    EnterprisePageFactory(title_da="Kær", offers=[make_offer(name_da="To", categories=[daily])])


@SOURCES
def test_moving_a_branch_moves_everything_beneath(tree, show):
    assert counts(show) == {"clean": 2, "clean/schools": 2, "clean/schools/daily": 1}
    schools = Category.objects.get(code="schools")
    schools.parent = Category.objects.get(code="care")
    schools.save()
    assert counts(show) == {"care": 2, "care/schools": 2, "care/schools/daily": 1}
    assert total(show, category="care/schools/daily") == 1
    assert total(show, category="clean") == 0


@SOURCES
def test_a_branch_becomes_a_tree_of_its_own(tree, show):
    schools = Category.objects.get(code="schools")
    schools.parent = None
    schools.save()
    assert counts(show) == {"schools": 2, "schools/daily": 1}


@SOURCES
def test_another_code_for_a_category_follows_below_it(tree, show):
    clean = Category.objects.get(code="clean")
    clean.code = "tidy"
    clean.save()
    assert counts(show) == {"tidy": 2, "tidy/schools": 2, "tidy/schools/daily": 1}


@SOURCES
def test_a_new_name_is_found_and_shown_and_the_old_one_is_not(tree, show):
    assert total(show, q="dagligt") == 1
    daily = Category.objects.get(code="daily")
    daily.name_da = "Hverdagsfejning"
    daily.save()
    assert total(show, q="hverdagsfejning") == 1
    assert total(show, q="dagligt") == 0
    buckets = find(parse({"show": show}, "da")).facets["category"].buckets
    assert "Hverdagsfejning" in [bucket.label for bucket in buckets]


@SOURCES
def test_another_word_for_a_category_is_found(tree, show):
    daily = Category.objects.get(code="daily")
    daily.synonyms_da = "krydshøvling"
    daily.save()
    assert total(show, q="krydshøvling") == 1


@SOURCES
def test_an_offer_without_cpv_codes_has_those_of_its_categories(tree, show):
    for code in ("90000000", "90900000", "90910000"):
        CpvCodeFactory(code=code)
    assert total(show, cpv="90910000") == 0
    daily = Category.objects.get(code="daily")
    daily.cpv_codes.set(CpvCodeFactory._meta.model.objects.filter(code="90910000"))
    assert total(show, cpv="90910000") == 1
    assert total(show, cpv="90") == 1
    daily.cpv_codes.clear()
    assert total(show, cpv="90910000") == 0


@SOURCES
def test_a_code_that_is_given_a_category_from_its_own_side_counts_too(tree, show):
    code = CpvCodeFactory(code="90000000")
    code.categories.add(Category.objects.get(code="schools"))
    assert total(show, cpv="90000000") == 1


@SOURCES
def test_an_offer_with_cpv_codes_of_its_own_keeps_to_them(tree, show):
    other = CpvCodeFactory(code="98000000")
    Category.objects.get(code="daily").cpv_codes.add(CpvCodeFactory(code="90000000"))
    EnterprisePageFactory(
        title_da="Egen", offers=[make_offer(categories=[Category.objects.get(code="daily")], cpv_codes=[other])]
    )
    assert total(show, cpv="90000000") == 1
    assert total(show, cpv="98000000") == 1


@SOURCES
def test_the_database_alone_narrows_by_the_codes_of_categories_too(tree, show):
    from directory.search import OFFERS, SUPPLIERS

    Category.objects.get(code="daily").cpv_codes.add(CpvCodeFactory(code="90000000"))
    source = {source.name: source for source in (SUPPLIERS, OFFERS)}[show]
    found, _ids = source.by_database(parse({"show": show, "cpv": "90000000"}, "da"))
    assert found == 1
