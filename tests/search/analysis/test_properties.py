"""What holds for any text whatever."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis import LANGUAGES, Fields, analyse, index_tokens, normal, plain, query_tokens, spans, words
from search.analysis.analyser import analyser

ANY_TEXT = st.text(st.characters(), max_size=60)  # lone surrogates and control characters among them
LETTERS = st.text("abcdefghijklmnoprstuvyåäöæøAÅÖÆéü'’:- \u00ad\u0301\u030a", max_size=40)
TEXT = ANY_TEXT | LETTERS
LANGUAGE = st.sampled_from(LANGUAGES)


@given(TEXT, LANGUAGE)
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_fail(text: str, language: str) -> None:
    fields = index_tokens(text, language)
    assert isinstance(fields, Fields)
    assert len(fields.word.split(" ")) == max(1, len(words(text)))
    assert len(query_tokens(text, language)) == len(words(text))


@given(TEXT, LANGUAGE)
@settings(max_examples=200, deadline=None)
def test_composed_and_decomposed_text_are_one(text: str, language: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert index_tokens(composed, language) == index_tokens(decomposed, language)
    assert query_tokens(composed, language) == query_tokens(decomposed, language)


@given(TEXT)
@settings(max_examples=300, deadline=None)
def test_normal_and_plain_are_idempotent(text: str) -> None:
    for word in words(text):
        assert normal(normal(word)) == normal(word)
        assert plain(plain(word)) == plain(word)


@given(TEXT, LANGUAGE)
@settings(max_examples=200, deadline=None)
def test_every_word_finds_itself(text: str, language: str) -> None:
    document = {token for field in index_tokens(text, language) for token in field.split()}
    for word in query_tokens(text, language):
        assert any(token in document for token, _ in word.tokens)


@given(TEXT, LANGUAGE)
@settings(max_examples=200, deadline=None)
def test_tokens_stand_within_their_word_and_hold_no_blank(text: str, language: str) -> None:
    for span in spans(text):
        assert 0 <= span.start < span.end <= len(text)
        for token in analyser(language).tokens(span.word):
            assert 0 <= token.start < token.end <= len(span.word)
            assert token.text.split() == [token.text]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["ring" * 1250, "a" * 5000, "rengørings" * 500, "å\u0301" * 2500, "9" * 5000])
def test_a_word_of_5000_letters_is_one_short_token(text: str, language: str) -> None:
    assert all(len(token) <= 121 for token, _, _ in analyse(text, language))
    assert len(index_tokens(text, language).word.split()) == 1
