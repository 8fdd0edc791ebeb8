"""The files themselves, without a database."""

import re
from collections import Counter, defaultdict

import pytest

from directory.models.categories import ICONS
from directory.reference import read_tsv, read_yaml, short_name, social_service_codes
from directory.reference.build_tiles import layouts
from directory.reference.loader import category_entries, cpv_rows, place_rows, social_objective_rows

LANGUAGES = ("da", "sv", "en")
CATEGORIES = [(path, entry) for path, _position, entry in category_entries()]
LEAVES = [(path, entry) for path, entry in CATEGORIES if "children" not in entry]
CERTIFICATIONS = read_yaml("certifications.yaml")
CPV = {row["code"]: row for row in read_tsv("cpv.tsv")}


def test_cpv_has_every_code_with_a_label_in_every_language() -> None:
    assert len(CPV) == 9454
    assert [code for code, row in CPV.items() if not all(row[language].strip() for language in LANGUAGES)] == []


def test_cpv_path_carries_the_ancestors() -> None:
    rows = cpv_rows()
    assert rows["90919300"]["path"] == "90/909/9091/90919/909193"
    assert rows["90919300"]["parent_id"] == "90919000"
    assert rows["90000000"]["path"] == "90"
    assert rows["90000000"]["parent_id"] is None


def test_cpv_path_skips_a_level_that_the_list_skips() -> None:
    rows = cpv_rows()
    assert "34511000" not in rows
    assert rows["34511100"]["parent_id"] == "34510000"
    assert rows["34511100"]["path"] == "34/345/3451/345111"


def test_cpv_path_of_a_parent_is_the_path_without_the_last_segment() -> None:
    rows = cpv_rows()
    wrong = [
        code
        for code, row in rows.items()
        if (rows[row["parent_id"]]["path"] if row["parent_id"] else "") != row["path"].rpartition("/")[0]
    ]
    assert wrong == []
    assert len({row["path"] for row in rows.values()}) == len(rows)


def test_social_services_are_cpv_codes() -> None:
    assert len(social_service_codes()) == 115
    assert social_service_codes() <= set(CPV)


def test_places_are_two_countries_26_regions_and_388_municipalities() -> None:
    levels = Counter((code[:2], row["level"]) for code, row in place_rows().items())
    assert levels == {
        ("DK", "country"): 1, ("DK", "region"): 5, ("DK", "municipality"): 98,
        ("SE", "country"): 1, ("SE", "region"): 21, ("SE", "municipality"): 290,
    }  # fmt: skip


def test_place_has_a_parent_in_the_list_and_a_name_in_every_language() -> None:
    rows = place_rows()
    for code, row in rows.items():
        assert row["parent_id"] == (code.rpartition("/")[0] or None)
        assert row["parent_id"] is None or row["parent_id"] in rows
        assert all(row[f"name_{language}"] for language in LANGUAGES)


@pytest.mark.parametrize(
    ("code", "da", "sv", "en"),
    [
        ("DK", "Danmark", "Danmark", "Denmark"),
        ("DK/1082", "Region Midtjylland", "Region Midtjylland", "Central Denmark Region"),
        ("SE/18", "Örebro län", "Örebro län", "Örebro County"),
        ("DK/1084/0101", "København", "Köpenhamn", "Copenhagen"),
        ("SE/14/1480", "Göteborg", "Göteborg", "Gothenburg"),
        ("SE/12/1280", "Malmø", "Malmö", "Malmö"),
        ("DK/1082/0760", "Ringkøbing-Skjern", "Ringkøbing-Skjern", "Ringkøbing-Skjern"),
    ],
)
def test_place_is_called_what_readers_call_it(code: str, da: str, sv: str, en: str) -> None:
    row = place_rows()[code]
    assert (row["name_da"], row["name_sv"], row["name_en"]) == (da, sv, en)


def test_place_names_of_our_own_belong_to_places() -> None:
    codes = {row["code"] for name in ("municipality_names.tsv", "short_names.tsv") for row in read_tsv(name)}
    assert codes <= set(place_rows())


def test_short_name_fits_a_tile() -> None:
    names = {code: row["name_da"] for code, row in place_rows().items() if row["level"] == "municipality"}
    assert [name for code, name in names.items() if len(short_name(code, name)) > 14] == []


def test_region_has_the_name_and_statistical_code_of_the_lists() -> None:
    statistical = {row["code"] for row in read_tsv("nuts3_se.tsv")}
    names = {f"{row['country']}/{row['region_code']}": row["region"] for row in read_tsv("municipalities.tsv")}
    for row in read_tsv("regions.tsv"):
        assert row["da" if row["code"].startswith("DK") else "sv"] == names[row["code"]]
        assert row["nuts"] in statistical or re.fullmatch(r"DK0[1-5]", row["nuts"])


def _cells() -> dict[str, dict[str, tuple[int, int]]]:
    cells: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in read_tsv("tiles.tsv"):
        cells[row["region_code"]][row["municipality_code"]] = (int(row["row"]), int(row["column"]))
    return dict(cells)


def _ranks(values: list[float]) -> list[float]:
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) - 1) / 2 for value in values]


def _rank_correlation(left: list[float], right: list[float]) -> float:
    a, b = _ranks(left), _ranks(right)
    mean = (len(a) - 1) / 2
    covariance = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    return covariance / (sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b)) ** 0.5


def test_every_municipality_has_one_tile_of_its_own() -> None:
    expected: dict[str, set[str]] = defaultdict(set)
    for row in read_tsv("municipalities.tsv"):
        expected[f"{row['country']}/{row['region_code']}"].add(row["municipality_code"])
    cells = _cells()
    assert {region: set(codes) for region, codes in cells.items()} == expected
    assert len(read_tsv("tiles.tsv")) == 388
    for region, taken in cells.items():
        assert len(set(taken.values())) == len(taken), region


def test_tiles_begin_at_the_edge_and_stay_nine_columns_wide() -> None:
    for region, taken in _cells().items():
        assert min(row for row, _ in taken.values()) == 1, region
        assert min(column for _, column in taken.values()) == 1, region
        assert max(column for _, column in taken.values()) <= 9, region


@pytest.mark.parametrize("region", [region for region, taken in _cells().items() if len(taken) >= 6])
def test_tiles_keep_north_up_and_east_to_the_right(region: str) -> None:
    positions = {
        f"{row['country']}/{row['municipality_code']}": (float(row["latitude"]), float(row["longitude"]))
        for row in read_tsv("positions.tsv")
    }
    taken = _cells()[region]
    places = [positions[f"{region[:2]}/{code}"] for code in taken]
    southward = _rank_correlation([row for row, _ in taken.values()], [-latitude for latitude, _ in places])
    eastward = _rank_correlation([column for _, column in taken.values()], [longitude for _, longitude in places])
    assert southward > 0.8
    assert eastward > 0.8


def test_tiles_are_those_of_the_drawing() -> None:
    drawn = layouts()
    names = {
        f"{row['country']}/{row['municipality_code']}": row["municipality"] for row in read_tsv("municipalities.tsv")
    }
    written = {
        region: {names[f"{region[:2]}/{code}"]: cell for code, cell in taken.items()}
        for region, taken in _cells().items()
    }
    assert written == {region: cells for region, cells in drawn.items() if "/" in region}


def test_tiles_of_orebro_county_put_it_on_the_map() -> None:
    cells = _cells()["SE/18"]
    assert cells["1863"] == (1, 1)  # Hällefors
    assert cells["1880"] == (3, 3)  # Örebro
    assert cells["1882"] == (5, 2)  # Askersund


def test_regions_have_one_tile_each_in_their_country() -> None:
    rows = read_tsv("region_tiles.tsv")
    assert {row["code"] for row in read_tsv("regions.tsv")} == {row["region_code"] for row in rows}
    for country in ("DK", "SE"):
        cells = [(row["row"], row["column"]) for row in rows if row["region_code"].startswith(country)]
        assert len(set(cells)) == len(cells)


def test_categories_are_14_with_three_children_each() -> None:
    tops = read_yaml("categories.yaml")
    assert [entry["code"] for entry in tops] == list(ICONS)
    assert {len(entry["children"]) for entry in tops} == {3}


@pytest.mark.parametrize(("path", "entry"), CATEGORIES, ids=[path for path, _ in CATEGORIES])
def test_category_is_complete_in_three_languages(path: str, entry: dict) -> None:
    for language in LANGUAGES:
        assert entry["name"][language].strip()
        assert entry["description"][language].strip().endswith(".")
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["slug"][language])
        words = entry["synonyms"][language]
        assert 5 <= len(words) <= 12
        assert len(set(words)) == len(words)
        assert all(isinstance(word, str) and word == word.strip() for word in words)
    assert entry["icon"] in ICONS


@pytest.mark.parametrize(("path", "entry"), CATEGORIES, ids=[path for path, _ in CATEGORIES])
def test_category_names_cpv_codes_that_exist(path: str, entry: dict) -> None:
    assert set(entry["cpv"]) <= set(CPV)
    assert len(set(entry["cpv"])) == len(entry["cpv"])
    assert 4 <= len(entry["cpv"]) <= 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_category_slugs_are_different_in_a_language(language: str) -> None:
    slugs = Counter(entry["slug"][language] for _path, entry in CATEGORIES)
    assert [slug for slug, count in slugs.items() if count > 1] == []


def test_certifications_are_complete_in_three_languages() -> None:
    assert len(CERTIFICATIONS) >= 20
    assert len({entry["code"] for entry in CERTIFICATIONS}) == len(CERTIFICATIONS)
    for entry in CERTIFICATIONS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["code"])
        assert all(entry["name"][language].strip() for language in LANGUAGES)


def test_social_objectives_end_with_other() -> None:
    rows = social_objective_rows()
    assert len(rows) == 7
    assert max(rows, key=lambda code: rows[code]["position"]) == "other"
