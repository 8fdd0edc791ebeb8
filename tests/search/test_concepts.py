"""A query in one language finds what is written in another, by words and by codes, and finds nothing else."""

import pytest

from search import concepts
from search.analysis import LANGUAGES, TABLES_VERSION, index_tokens, query_tokens
from search.analysis.tables import CONCEPTS, TABLES, manifest
from search.concepts import Concepts, LabelIndex, Labelled, best_codes, meaning


@pytest.fixture(autouse=True)
def _only_the_shipped_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site's own vocabularies live in its database; here there are none unless a test provides one."""
    monkeypatch.setattr(concepts, "_providers", {})
    monkeypatch.setattr(concepts, "_indexes", {})


# language of the query, query, language of the document, document
CROSS = [
    ("da", "rengøring", "sv", "Vi erbjuder städning av kontor"),
    ("da", "rengøring", "sv", "Lokalvård"),
    ("da", "rengøring", "sv", "Städtjänster"),
    ("da", "rengøring", "en", "Cleaning of offices"),
    ("da", "skolerengøring", "sv", "Städning av skolor"),
    ("da", "skolerengøring", "sv", "Skolstädning"),
    ("da", "rengoring", "sv", "Städning"),
    ("da", "rengøring af kontorer", "sv", "Kontorsstädning"),
    ("da", "vinduespudsning", "sv", "Fönsterputs"),
    ("da", "frokost", "sv", "Lunch till kontoret"),
    ("da", "frokost", "en", "Lunch boxes"),
    ("da", "mødeforplejning", "sv", "Konferensförtäring"),
    ("da", "kantine", "sv", "Personalrestaurang"),
    ("da", "smørrebrød", "sv", "Smörgåsar till mötet"),
    ("da", "grøntsager", "sv", "Odling av grönsaker"),
    ("da", "flytning", "sv", "Flytt och packning"),
    ("da", "flytning", "sv", "Flyttjänster"),
    ("da", "flytning", "en", "Moving services"),
    ("da", "havearbejde", "sv", "Trädgårdsarbete"),
    ("da", "haver", "sv", "Trädgårdsskötsel"),
    ("da", "have", "en", "Garden maintenance"),
    ("da", "hækklipning", "sv", "Häckklippning"),
    ("da", "snerydning", "sv", "Snöröjning"),
    ("da", "vask", "sv", "Tvätt av kläder"),
    ("da", "vask", "sv", "Tvätteri"),
    ("da", "vaskeri", "sv", "Tvätteri"),
    ("da", "arbejdstøj", "sv", "Arbetskläder"),
    ("da", "maling", "sv", "Målning av fasader"),
    ("da", "malerarbejde", "sv", "Måleri"),
    ("da", "cykelværksted", "sv", "Cykelverkstad"),
    ("da", "reparation af cykler", "sv", "Reparation av cyklar"),
    ("da", "genbrug", "sv", "Återbruk"),
    ("da", "møbler", "sv", "Begagnade möbler"),
    ("da", "trykkeri", "sv", "Tryckeri"),
    ("da", "skilte", "sv", "Skyltar"),
    ("da", "pakning", "sv", "Packning av varor"),
    ("da", "lager", "sv", "Lagerarbete"),
    ("da", "computere", "sv", "Begagnade datorer"),
    ("da", "hjemmehjælp", "sv", "Hemtjänst"),
    ("da", "ældrepleje", "sv", "Äldreomsorg"),
    ("da", "mødelokaler", "sv", "Mötesrum"),
    ("da", "udlejning", "sv", "Uthyrning av lokaler"),
    ("da", "vicevært", "sv", "Vaktmästare"),
    ("da", "affaldssortering", "sv", "Källsortering"),
    ("da", "chokolade", "sv", "Choklad"),
    ("sv", "städning", "da", "Rengøringsservice"),
    ("sv", "städning", "en", "Cleaning"),
    ("sv", "lokalvård", "da", "Rengøring af kontorer"),
    ("sv", "fönsterputs", "da", "Vinduespolering"),
    ("sv", "lunch", "da", "Frokostordning"),
    ("sv", "smörgås", "da", "Smørrebrød"),
    ("sv", "grönsaker", "da", "Økologiske grøntsager"),
    ("sv", "flytt", "da", "Flytteservice og flytning"),
    ("sv", "trädgård", "da", "Pleje af haver"),
    ("sv", "trädgårdsskötsel", "da", "Havearbejde"),
    ("sv", "snöröjning", "da", "Snerydning"),
    ("sv", "tvätt", "da", "Vask af arbejdstøj"),
    ("sv", "tvätteri", "da", "Vaskeri"),
    ("sv", "målning", "da", "Maling af vægge"),
    ("sv", "cyklar", "da", "Cykelreparation"),
    ("sv", "återbruk", "da", "Genbrugsbutik"),
    ("sv", "tryck", "da", "Trykning af plakater"),
    ("sv", "skyltar", "da", "Skilte og bannere"),
    ("sv", "hemtjänst", "da", "Hjemmehjælp"),
    ("sv", "uthyrning", "da", "Udlejning af telte"),
    ("sv", "datorer", "da", "Brugte computere"),
    ("sv", "vaktmästare", "da", "Vicevært"),
    ("sv", "kök", "en", "Kitchen"),
    ("en", "cleaning", "da", "Rengøring"),
    ("en", "cleaning", "sv", "Städning"),
    ("en", "lunch", "da", "Frokost"),
    ("en", "gardening", "da", "Havearbejde"),
    ("en", "furniture", "sv", "Möbler"),
    ("en", "laundry", "sv", "Tvätt"),
    ("en", "bicycle", "da", "Cykler"),
    ("en", "moving", "sv", "Flytt"),
    ("en", "painting", "da", "Maling"),
    ("en", "snow clearing", "da", "Snerydning"),
    ("en", "vegetables", "sv", "Grönsaker"),
]
APART = [
    ("da", "rengøring", "sv", "Målning av fasader"),
    ("da", "rengøring", "sv", "Ring oss"),
    ("da", "rengøring", "sv", "Lokaler till uthyrning"),
    ("da", "frokost", "sv", "Lunds kommun"),
    ("da", "frokost", "sv", "Frukost"),
    ("da", "have", "sv", "Havet"),
    ("da", "have", "en", "We have rooms"),
    ("da", "maling", "sv", "Malning av mjöl"),
    ("da", "vask", "sv", "Städning"),
    ("da", "møde", "sv", "Mode"),
    ("da", "flytning", "sv", "Flyg"),
    ("da", "skole", "sv", "Skor"),
    ("da", "by", "sv", "Städning"),
    ("da", "genbrug", "sv", "Bruksvaror"),
    ("sv", "städ", "da", "Byen"),
    ("sv", "stad", "da", "Rengøring"),
    ("sv", "rum", "da", "Rom og whisky"),
    ("sv", "trä", "da", "Tre"),
    ("sv", "tvätt", "da", "Rengøring"),
    ("sv", "lunch", "da", "Aftensmad"),
    ("sv", "målning", "da", "Mål og midler"),
    ("sv", "flytt", "da", "Fly"),
    ("en", "cleaning", "da", "Flytning"),
    ("en", "mat", "sv", "Mat och dryck"),
    # a general word stays general: it is translated, but to nothing that it does not say
    ("da", "tjeneste", "sv", "Städning av kontor"),
    ("da", "produkt", "sv", "Trädgård"),
    ("da", "udstyr", "sv", "Lunch"),
]


def _finds(language: str, query: str, other: str, document: str) -> bool:
    """Whether each content word of the query has a translation, whole or part by part, in the document."""
    tokens = {token for field in index_tokens(document, other) for token in field.split()}
    meant = meaning(query, language)
    translations = meant.translations
    for word in query_tokens(query, language):
        whole = any(lang == other and token in tokens for lang, token, _ in translations.get(word.text, ()))
        parts = meant.groups.get(word.text, {}).get(other, ())
        if not word.weak and not whole and not (parts and all(tokens.intersection(group) for group in parts)):
            return False
    return True


@pytest.mark.parametrize(("language", "query", "other", "document"), CROSS)
def test_query_finds_what_says_it_in_another_language(language: str, query: str, other: str, document: str) -> None:
    assert _finds(language, query, other, document)


@pytest.mark.parametrize(("language", "query", "other", "document"), APART)
def test_query_does_not_find_what_says_something_else(language: str, query: str, other: str, document: str) -> None:
    assert not _finds(language, query, other, document)


@pytest.mark.parametrize(
    ("language", "query", "code"),
    [
        ("da", "rengøring", "90/909/9091"),
        ("da", "rengoring", "90/909/9091"),
        ("da", "rengøringsservice", "90/909/9091"),
        ("sv", "städning", "90/909/9091"),
        ("en", "cleaning services", "90/909/9091"),
        ("da", "skolerengøring", "90/909/9091/90919/909193"),
        ("da", "rengøring af skoler", "90/909/9091/90919/909193"),
        ("sv", "städning av skolor", "90/909/9091/90919/909193"),
        ("da", "snerydning", "90/906/9062"),
        ("sv", "målning", "45/454/4544/45442/454421"),
        ("sv", "tryckning", "79/798/7981"),
        ("en", "catering", "55/555/5552"),
    ],
)
def test_query_means_a_cpv_code(language: str, query: str, code: str) -> None:
    assert code in [c.code for c in meaning(query, language).codes if c.facet == "cpv"]


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("da", "tjeneste"),
        ("da", "og"),
        ("da", "service"),
        ("sv", "tjänster"),
        ("en", "services"),
        ("da", "rengøring med enhjørninger"),
        ("da", ""),
        ("da", "\ud800 😀"),
        ("da", "x" * 5000),
        ("sv", "en mycket lång mening om allt som en kommun kan behöva köpa någon gång under året eller senare"),
    ],
)
def test_general_or_strange_text_means_no_code(language: str, query: str) -> None:
    assert meaning(query, language).codes == ()


def test_code_tells_the_label_that_said_so() -> None:
    (code,) = (c for c in meaning("rengøring", "da").codes if c.facet == "cpv")
    assert (code.label.text, code.label.language, code.weight) == ("Rengøring", "da", pytest.approx(1, abs=0.01))


def test_translation_tells_what_was_typed() -> None:
    words = meaning("billig rengøring", "da").words["sv"]
    assert ("städning", "rengøring") in [(w.word, w.source) for w in words]
    assert all(0 < w.weight <= 1 for w in words)


def test_function_words_are_not_translated() -> None:
    assert meaning("og til af", "da") == Concepts((), {}, {})


RECORDS = [
    Labelled("clean", {"da": ("Rengøring",), "sv": ("Städning och lokalvård", "städtjänster"), "en": ("Cleaning",)}),
    Labelled("clean/schools", {"da": ("Skolerengøring",), "sv": ("Skolstädning",)}),
    Labelled("food", {"da": ("Kantine og catering", "frokost")}),
    Labelled("reuse", {"da": ("Land- og havebrug",)}),
]


@pytest.mark.parametrize(
    ("language", "query", "expected"),
    [
        ("da", "rengøring", ["clean"]),
        ("da", "frokost", ["food"]),
        ("da", "frokostservice", ["food"]),
        ("da", "catering", ["food"]),
        ("sv", "lokalvård", ["clean"]),
        ("sv", "städ", ["clean"]),
        ("sv", "städning av skolor", ["clean/schools"]),
        ("sv", "frokost", ["food"]),
        ("sv", "vård", []),
        ("da", "skole", []),
        ("da", "land", []),
        ("da", "maling", []),
    ],
)
def test_live_labels_mean_codes(language: str, query: str, expected: list[str]) -> None:
    assert [code.code for code in best_codes("category", LabelIndex(RECORDS), query, language)] == expected


def test_empty_vocabulary_means_nothing() -> None:
    assert best_codes("category", LabelIndex([]), "rengøring", "da") == ()


def test_provided_labels_are_read_again_when_they_have_changed() -> None:
    records = [Labelled("a", {"da": ("Enhjørninger",)})]
    concepts.provide("creature", lambda: records)
    assert [c.code for c in meaning("enhjørning", "da").codes] == ["a"]
    records[0] = Labelled("b", {"da": ("Enhjørninger",)})
    assert [c.code for c in meaning("enhjørning", "da").codes] == ["a"]
    concepts.forget("creature")
    assert [(c.facet, c.code) for c in meaning("enhjørning", "da").codes] == [("creature", "b")]


def test_labels_changed_elsewhere_are_read_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [Labelled("a", {"da": ("Enhjørninger",)})]
    concepts.provide("creature", lambda: records)
    meaning("enhjørning", "da")
    records[0] = Labelled("b", {"da": ("Enhjørninger",)})
    monkeypatch.setattr(concepts, "STALE_AFTER", -1.0)
    assert [c.code for c in meaning("enhjørning", "da").codes] == ["b"]


def test_concept_tables_were_built_with_this_analysis() -> None:
    """After a change of lists: `python -m search.analysis.build --concepts`."""
    assert manifest(TABLES, CONCEPTS)["analysis"] == TABLES_VERSION


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hand_kept_translation_is_one_word(language: str) -> None:
    position = LANGUAGES.index(language)
    assert [
        word for line in concepts._lines() for word in line[position] if len(query_tokens(word, language)) != 1
    ] == []
