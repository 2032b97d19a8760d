"""Texts with the numbers of their links put in, and the way back."""

from hypothesis import given
from hypothesis import strategies as st

from threadreader.ui.widgets.link_numbers import NumberedText

texts = st.lists(
    st.sampled_from(["https://a.example", "http://b.example/(c)", " ", "word", ".", "\n", "漢"]), max_size=12
).map("".join)


def test_the_number_stands_after_its_link() -> None:
    numbered = NumberedText("See https://a.example, https://b.example.")
    assert numbered.drawn == "See https://a.example\u00a0[1], https://b.example\u00a0[2]."


def test_a_text_without_links_is_drawn_as_it_is() -> None:
    numbered = NumberedText("Nothing.")
    assert (numbered.drawn, numbered.drawn_at(3), numbered.offset_of(3)) == ("Nothing.", 3, 3)
    assert [tuple(piece) for piece in numbered.pieces(2, 8)] == [(2, 8, "")]


@given(texts)
def test_every_character_leads_there_and_back(text: str) -> None:
    numbered = NumberedText(text)
    for offset, character in enumerate(text):
        drawn = numbered.drawn_at(offset)
        assert numbered.drawn[drawn] == character
        assert numbered.offset_of(drawn) == offset


@given(texts, st.data())
def test_pieces_are_what_is_drawn_each_piece_once(text: str, data: st.DataObject) -> None:
    numbered = NumberedText(text)
    start = data.draw(st.integers(0, len(numbered.drawn)))
    end = data.draw(st.integers(start, len(numbered.drawn)))
    pieces = list(numbered.pieces(start, end))
    shown = "".join(piece.label or text[piece.start : piece.end] for piece in pieces)
    assert shown == numbered.drawn[start:end].replace("\u00a0", " ")
    assert all(piece.label or piece.start < piece.end for piece in pieces)
