"""What Danish and Swedish (and English) demand of a search, as pairs that must and must not find each other."""

import pytest

from search.analysis import index_tokens, query_tokens

# language, words that must all find each other
ONE_WORD = [
    ("da", "virksomhed virksomheden virksomheder virksomhederne virksomhedernes"),
    ("da", "træ træet træer træerne"),
    ("da", "hjælpemiddel hjælpemidlet hjælpemidler hjælpemidlerne"),
    ("da", "møde mødet møder møderne"),
    ("da", "have haven haver haverne"),
    ("da", "mål målet målene"),
    ("da", "cykel cyklen cykler cyklerne"),
    ("da", "Aarhus Århus aarhus ÅRHUS"),
    ("da", "Ørebro Örebro Oerebro oerebro"),
    ("sv", "företag företaget företagen företagens"),
    ("sv", "möte mötet möten mötena"),
    ("sv", "trädgård trädgården trädgårdar trädgårdarna"),
    ("sv", "vår våren"),
    ("sv", "län länet länen"),
    ("sv", "lån lånet lånen"),
    ("sv", "stad staden städer städerna"),
    ("sv", "mål målet målen"),
    ("sv", "verkstad verkstaden verkstäder verkstäderna"),
    ("sv", "tv tv:n TV:ns"),
    ("sv", "Örebro Ørebro Oerebro"),
    ("da", "pc pc'er pc’erne"),
    ("en", "child children child's children’s"),
    ("en", "company companies company's"),
    ("en", "organise organize organisation organizations"),
    ("en", "colour color colours"),
    ("da", "klippe klipper klipning"),
    ("da", "vaske vask vasker vaskeri"),
    ("sv", "städa städning städar städ"),
    ("sv", "måla målning målar"),
    ("en", "clean cleaning cleaner"),
]
# language, text of a document, queries that must find it
FOUND = [
    ("da", "arbejde med barnet i hånden", "børn hænder"),
    ("da", "bøger til børnehaver", "bog barn børn"),
    ("da", "en mand og hans kogebog", "mænd kogebøger bøger"),
    ("da", "køleskabe og værktøjsskabe", "køleskab skab værktøj"),
    ("da", "grøntsager fra egen mark", "grønsager"),
    ("sv", "cykelverkstäder och bostäder", "cykelverkstad verkstad bostad"),
    ("sv", "handbok för bönder", "handböcker böcker bonde"),
    ("sv", "vårdhem", "vård hem"),
    ("sv", "snickeri", "snickra snickare"),
    ("da", "rengøringsservice", "rengøring service rengoring"),
    ("sv", "städtjänster", "städning tjänst städ"),
    ("sv", "flyttstädning", "flytt städning flytta"),
    ("da", "vinduespudsning", "vindue vinduer pudse"),
    ("da", "frokostordning", "frokost ordning"),
    ("da", "snerydning", "sne rydning rydde"),
    ("da", "IT-genbrug", "it genbrug"),
    ("sv", "snöröjning", "snö röjning röja"),
    ("sv", "fönsterputs", "fönster putsa putsning"),
    ("sv", "klädtvätt", "kläder tvätt tvätta"),
    ("sv", "äldreomsorg", "omsorg äldre"),
    ("en", "housekeeping", "house keeping"),
    ("da", "pleje af have og park", "have haver"),
    ("sv", "sådd på våren", "vår"),
    ("da", "København", "kobenhavn koebenhavn"),
    ("da", "Rengøring", "rengoring rengoering"),
    ("sv", "Städning i Örebro", "stadning orebro Oerebro"),
    ("sv", "Trädgårdsskötsel", "tradgard tradgardsskotsel"),
    ("sv", "Malmö och Göteborg", "malmo goteborg Malmø Gøteborg"),
    ("en", "Café", "cafe"),
    ("da", "Firmaet Schüler", "schuler Schüler"),
]
# language, text of a document, queries that must not find it
KEPT_APART = [
    ("da", "fællesskab, partnerskab og regnskab", "skab skabe regn"),
    ("sv", "medlemskap", "kap"),
    ("en", "partnership and membership", "ship"),
    ("en", "a busy officer", "business office"),
    ("da", "rengøring", "ring gør reng"),
    ("da", "rengøringsservice", "ring vice"),
    ("da", "samordning af indsatsen", "mord"),
    ("da", "lokal vareproduktion", "kalv"),
    ("sv", "rengöring", "ring reng"),
    ("sv", "lokalvård", "kalv kal"),
    ("sv", "samordning", "mord"),
    ("sv", "städ", "stad"),
    ("sv", "stad", "städ"),
    ("sv", "städning", "stad städer"),
    ("sv", "län", "lån lan"),
    ("sv", "lån", "län lan"),
    ("sv", "lan", "län lån"),
    ("da", "mål", "mal"),
    ("sv", "mål", "mal"),
    ("sv", "mal", "mål"),
    ("da", "hånd", "hund and"),
    ("sv", "trädgård", "träd"),
    ("en", "Carpet cleaning", "car pet"),
    ("en", "Organic food", "organ organisation"),
    ("en", "Communication", "community"),
    ("en", "Transport", "port sport"),
]


def finds(query: str, document: str, language: str) -> bool:
    """Whether every word of the query has a token in the document, in any of its three fields."""
    tokens = {token for field in index_tokens(document, language) for token in field.split()}
    return all(any(token in tokens for token, _ in word.tokens) for word in query_tokens(query, language))


@pytest.mark.parametrize(
    ("language", "query", "document"),
    [(lang, q, d) for lang, forms in ONE_WORD for q in forms.split() for d in forms.split()],
)
def test_every_form_of_a_word_finds_every_other(language: str, query: str, document: str) -> None:
    assert finds(query, document, language)


@pytest.mark.parametrize(("language", "document", "query"), [(lang, d, q) for lang, d, qs in FOUND for q in qs.split()])
def test_document_is_found_by(language: str, document: str, query: str) -> None:
    assert finds(query, document, language)


@pytest.mark.parametrize(
    ("language", "document", "query"), [(lang, d, q) for lang, d, qs in KEPT_APART for q in qs.split()]
)
def test_document_is_not_found_by(language: str, document: str, query: str) -> None:
    assert not finds(query, document, language)


@pytest.mark.parametrize("word", ["have", "haven"])
def test_danish_garden_is_no_function_word(word: str) -> None:
    assert not query_tokens(word, "da")[0].weak


@pytest.mark.parametrize(("word", "language"), [("vår", "sv"), ("får", "sv"), ("får", "da"), ("may", "en")])
def test_noun_that_looks_like_a_function_word_is_not_weak(word: str, language: str) -> None:
    assert not query_tokens(word, language)[0].weak


@pytest.mark.parametrize(("word", "language"), [("og", "da"), ("til", "da"), ("och", "sv"), ("i", "sv"), ("the", "en")])
def test_function_word_is_weak_and_indexed(word: str, language: str) -> None:
    assert query_tokens(word, language)[0].weak
    assert index_tokens(word, language).word
