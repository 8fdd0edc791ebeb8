from search.analysis import analyse, index_tokens, query_tokens


def test_lemmas_keep_the_order_of_the_text() -> None:
    assert index_tokens("Virksomhederne gør rent", "da").word.split()[0] == "virksomhed"
    assert len(index_tokens("en to tre fire", "da").word.split()) == 4


def test_compound_parts_families_and_plain_forms_have_fields_of_their_own() -> None:
    fields = index_tokens("rengøringsservice", "da")
    assert fields.word == "rengøringsservice"
    assert fields.part.split() == ["rengøring", "service", "%rengøre"]
    assert "~rengoring" in fields.plain.split()


def test_known_word_does_not_ask_for_plain_forms() -> None:
    (word,) = query_tokens("rengøring", "da")
    assert word.known
    assert not word.plain
    assert dict(word.tokens) == {"rengøring": 1.0, "%rengøre": 0.4}


def test_word_typed_without_diacritics_asks_for_plain_forms_at_low_weight() -> None:
    (word,) = query_tokens("rengoring", "da")
    assert word.plain == ("~rengoring",)
    assert dict(word.tokens)["~rengoring"] == 0.25


def test_compound_query_offers_its_smallest_parts() -> None:
    (word,) = query_tokens("flytterengøring", "da")
    assert word.parts == ("flytte", "rengøring")
    assert word.part_groups[1] == ("rengøring", "%rengøre")


def test_nested_compound_offers_the_innermost_parts() -> None:
    (word,) = query_tokens("sjukvårdsmaterial", "sv")
    assert word.parts == ("sjuk", "vård", "material")


def test_analyse_tells_kind_and_weight() -> None:
    assert analyse("flyttstädning", "sv")[:3] == [
        ("flyttstædning", 1.0, "lemma"),
        ("flytt", 0.5, "part"),
        ("stædning", 0.5, "part"),
    ]
