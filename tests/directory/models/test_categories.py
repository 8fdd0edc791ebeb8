"""The tree of buyers' words."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from directory.models import Category
from directory.queries import category_tree
from tests.factories.directory import CategoryFactory

pytestmark = pytest.mark.django_db


def test_path_follows_from_the_parents(codes: SimpleNamespace) -> None:
    assert (codes.schools.path, codes.schools.depth, codes.schools.lineage) == (
        "clean/schools",
        2,
        ["clean", "clean/schools"],
    )


def test_moving_a_category_moves_what_is_below_it(codes: SimpleNamespace) -> None:
    deep = CategoryFactory(code="evening", parent=codes.schools)
    codes.schools.parent = CategoryFactory(code="care")
    codes.schools.save()
    deep.refresh_from_db()
    assert deep.path == "care/schools/evening"


def test_moving_by_update_fields_moves_too(codes: SimpleNamespace) -> None:
    codes.schools.parent = None
    codes.schools.save(update_fields=["parent"])
    assert Category.objects.get(code="schools").path == "schools"


def test_tree_is_in_the_editors_order() -> None:
    late = CategoryFactory(code="aaa", position=2)
    early = CategoryFactory(code="zzz", position=1)
    child = CategoryFactory(code="child", parent=early)
    assert list(Category.objects.all()) == [early, child, late]


def test_changing_a_position_reorders_the_whole_branch() -> None:
    first, second = CategoryFactory(code="a", position=1), CategoryFactory(code="b", position=2)
    child = CategoryFactory(code="child", parent=first)
    first.position = 3
    first.save()
    assert list(Category.objects.all()) == [second, first, child]


def test_tree_is_read_in_one_query(codes: SimpleNamespace, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert category_tree() == [(codes.clean, [codes.schools])]


def test_category_inside_itself_is_refused(codes: SimpleNamespace) -> None:
    codes.clean.parent = codes.schools
    with pytest.raises(ValidationError) as caught:
        codes.clean.clean()
    assert set(caught.value.error_dict) == {"parent"}


def test_code_of_a_sibling_is_refused(codes: SimpleNamespace) -> None:
    with pytest.raises(ValidationError) as caught:
        Category(code="schools", parent=codes.clean, name_da="Skoler").clean()
    assert set(caught.value.error_dict) == {"code"}


def test_slug_of_another_category_is_refused_in_its_language(codes: SimpleNamespace) -> None:
    CategoryFactory(code="other", slug_sv="skolor")
    with pytest.raises(ValidationError) as caught:
        Category(code="third", name_da="Tre", slug_sv="skolor").clean()
    assert set(caught.value.error_dict) == {"slug_sv"}


def test_category_without_a_name_in_any_language_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        Category(code="nameless", name_sv=" ").clean()
    assert set(caught.value.error_dict) == {"name_da"}


def test_empty_slugs_are_made_from_the_names() -> None:
    first = Category.objects.create(code="wash", name_da="Tøj & vask", name_sv="Tvätt åt alla")
    second = Category.objects.create(code="other", name_da="Tøj, vask")
    assert (first.slug_da, first.slug_sv, first.slug_en or "") == ("toej-vask", "tvatt-at-alla", "")
    assert second.slug_da == "toej-vask-2"


def test_a_slug_stays_when_the_name_changes() -> None:
    category = Category.objects.create(code="wash", name_da="Vask")
    category.name_da = "Vask og rens"
    category.save()
    assert category.slug_da == "vask"


def test_a_category_is_found_by_what_its_address_calls_it() -> None:
    wash = Category.objects.create(code="wash", name_da="Vask", name_sv="Tvätt")
    bare = Category.objects.create(code="bare", name_da="Bar")
    Category.objects.filter(pk=bare.pk).update(slug_da="", slug_sv=None)
    assert [Category.at(slug) for slug in ("vask", "tvatt", "wash", "bare")] == [wash, wash, None, bare]
    bare.refresh_from_db()
    assert (bare.slug_in("sv"), wash.slug_in("en")) == ("bare", "vask")


def test_category_with_children_is_not_deleted(codes: SimpleNamespace) -> None:
    with pytest.raises(ProtectedError):
        codes.clean.delete()


def test_synonyms_are_lines(codes: SimpleNamespace) -> None:
    codes.schools.synonyms_sv = " förskolor \n\nskolstädning"
    assert codes.schools.words("sv") == ["förskolor", "skolstädning"]
    assert codes.schools.words("en") == []
