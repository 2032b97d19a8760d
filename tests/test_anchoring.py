"""Words are found again where they are certain to be meant, and nowhere else."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadreader.anchoring import Anchors, completed, passage_in, quote_in, quote_of, typed, word_changes
from threadreader.model import (
    Annotation,
    Comment,
    Copy,
    Draft,
    DraftComment,
    TextQuote,
    Thread,
    WordChange,
    thread_of,
)
from threadreader.pairing import paired, plain

MOMENT = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
LONG = "The ferry left an hour late because the pilot would not sail into the fog without a second lamp."
SECOND = "Whoever wants to know what became of the mill has to ask the widow of the last clerk about it."
OTHER = "My grandmother kept bees behind the station, and the honey tasted of lime trees and coal smoke."


def thread(*texts: str, title: str = "Fog", body: str = "A body.") -> Thread:
    comments = tuple(DraftComment(text) for text in texts)
    return thread_of(Draft("outline", title, body, comments), "p1", source="/fog.txt")


def kept(old: Thread, new: Thread) -> dict[int, int]:
    """Positions in the new thread -> positions in the old one."""
    return paired(old.comments, new.comments)


def state(annotation: Annotation, thread: Thread | None) -> tuple[str, str]:
    return Anchors(thread).of(annotation)[1:3]


def mark(thread: Thread, at: int | None, quote: TextQuote) -> Annotation:
    comment_id = None if at is None else thread.comments[at].id
    return Annotation("a1", "note", "p1", comment_id, "Mine.", quote, MOMENT, MOMENT)


def test_a_mark_on_an_unchanged_comment_is_exact_however_its_lines_break() -> None:
    here = thread("one\n\ntwo  three")
    assert state(mark(here, 0, TextQuote("one two\nthree")), here) == ("exact", "")


def test_a_mark_on_an_edited_comment_is_changed() -> None:
    here = thread("one two three four")
    assert state(mark(here, 0, TextQuote("one two three")), here) == ("changed", "the comment was edited")


def test_a_passage_stays_exact_while_its_words_stand() -> None:
    here = thread("Now with more before: one two three, and more after.")
    assert state(mark(here, 0, TextQuote("one two three", prefix="before: ")), here)[0] == "exact"
    assert state(mark(here, 0, TextQuote("one too three", prefix="before: ")), here)[0] == "changed"


def test_a_mark_on_a_post_stands_on_its_title_or_on_a_passage_of_its_body() -> None:
    here = thread(title="Fog", body="The lamps were lit.")
    assert state(mark(here, None, TextQuote("Fog")), here)[0] == "exact"
    assert state(mark(here, None, TextQuote("Mist")), here) == ("changed", "the title was edited")
    assert state(mark(here, None, TextQuote("lamps", prefix="The ")), here)[0] == "exact"


def test_a_mark_without_its_comment_or_post_is_an_orphan() -> None:
    here = thread("one", "two")
    on_two = mark(here, 1, TextQuote("two"))
    assert state(on_two, thread("one")) == ("orphan", "the comment is not in the thread any more")
    assert state(on_two, None) == ("orphan", "the post is not here any more")


def test_an_edited_comment_keeps_its_id_and_a_new_one_gets_a_new_one() -> None:
    edited = LONG.replace("an hour", "two hours").replace("pilot", "captain")
    assert kept(thread(LONG, "Yes."), thread("First!", edited, "Yes.", OTHER)) == {1: 0, 2: 1}


def test_a_comment_is_known_by_its_words_wherever_it_stands() -> None:
    assert kept(thread(LONG, OTHER), thread(OTHER, LONG)) == {0: 1, 1: 0}


def test_a_postscript_longer_than_the_comment_keeps_its_id() -> None:
    assert kept(thread(LONG), thread(f"{LONG}\n\nEdit: {OTHER} {OTHER}")) == {0: 0}


def test_unlike_texts_in_the_same_place_are_not_the_same_comment() -> None:
    assert kept(thread("Yes.", LONG, "No."), thread("Yes.", OTHER, "No.")) == {0: 0, 2: 2}


def test_of_two_alike_the_one_between_the_same_comments_is_meant() -> None:
    first, second = f"{LONG} So it was.", f"{LONG} So it is!"
    old = thread("Yes.", first, "No.", second, "Maybe.")
    assert kept(old, thread("Yes.", "No.", f"{LONG} So it ist.", "Maybe.")) == {0: 0, 1: 2, 2: 3, 3: 4}


def test_of_two_alike_with_nothing_to_tell_them_apart_neither_is_taken() -> None:
    old = thread(f"{LONG} One.", f"{LONG} Two.")
    assert kept(old, thread(f"{LONG} Six.", "Yes.", "No.")) == {}


def test_a_short_comment_is_known_only_between_the_same_comments() -> None:
    old = thread(LONG, "Thank you, Anna", OTHER)
    assert kept(old, thread(LONG, "Thank you, Anne", OTHER)) == {0: 0, 1: 1, 2: 2}
    assert kept(old, thread(LONG, OTHER, "Thank you, Anne")) == {0: 0, 1: 2}


def test_another_author_is_another_comment() -> None:
    old, new = thread(LONG), thread(LONG + " Indeed.")
    signed = [old.comments[0]._replace(author="Ada")]
    assert paired(signed, [new.comments[0]._replace(author="Bea")]) == {}
    assert paired(signed, [new.comments[0]._replace(author="Ada")]) == {0: 0}


SYLLABLES = [a + b for a in ("ba", "de", "fi", "go", "ku", "lo", "me", "ni", "sa", "tu") for b in "dfmns"]
WORDS = [*SYLLABLES, *(one + other for one in SYLLABLES for other in SYLLABLES)]


def prose(rng: random.Random, words: int) -> list[str]:
    """Words of which a few are everywhere and most are rare, as they are in any language."""
    return [WORDS[int(len(WORDS) ** rng.random()) - 1] for _ in range(words)]


def edited(rng: random.Random, words: list[str]) -> list[str]:
    words = list(words)
    for _ in range(max(1, len(words) // 12)):
        at = rng.randrange(len(words))
        words[at : at + 1] = rng.choice(([], [rng.choice(WORDS)], [words[at] + "s"], [words[at], "ah"]))
    return words


@pytest.mark.parametrize("size", [60, 2_000])
def test_of_many_edits_most_are_known_and_none_is_mistaken(size: int) -> None:
    """A quarter is edited, a tenth deleted, a tenth new: beyond 200 edits only likely pairs are compared."""
    rng = random.Random(size)
    before = [prose(rng, rng.randint(8, 60)) for _ in range(size)]
    origin: list[int | None] = []
    after: list[list[str]] = []
    for at, words in enumerate(before):
        fate = rng.random()
        if fate < 0.1:
            continue
        after.append(edited(rng, words) if fate < 0.35 else words)
        origin.append(at)
        if fate > 0.9:
            after.append(prose(rng, rng.randint(8, 60)))
            origin.append(None)
    old, new = (thread(*map(" ".join, texts)) for texts in (before, after))
    found = kept(old, new)
    assert [at for at in found if origin[at] != found[at]] == []
    assert len(found) >= 0.97 * sum(at is not None for at in origin)


def test_a_quote_is_found_by_its_words_however_its_lines_break() -> None:
    text = "Some words,\n\nthen the  lamp\nwas lit."
    assert quote_in(text, TextQuote("the lamp was lit")) == (text.index("the "), len(text) - 1)


def test_of_several_places_the_context_tells_which() -> None:
    text = "a lamp here, a lamp there, a lamp everywhere"
    assert quote_in(text, TextQuote("lamp", suffix=" there")) == (15, 19)
    assert quote_in(text, TextQuote("lamp", prefix="re, a ", suffix=" ever")) == (29, 33)
    assert quote_in(text, TextQuote("lamp")) is None


def test_an_edited_quote_is_found_where_it_is_most_alike() -> None:
    text = f"{OTHER} {LONG.replace('an hour', 'half an hour')} {OTHER}"
    found = quote_in(text, TextQuote(LONG))
    assert found and text[slice(*found)].startswith("The ferry left half")


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (OTHER, LONG),
        (f"{LONG.replace('hour', 'day')} {LONG.replace('fog', 'dark')}", LONG),
        ("The ferry", LONG),
        (LONG, ""),
        ("", "words"),
    ],
    ids=["unlike", "two alike", "much shorter", "no words", "no text"],
)
def test_a_quote_that_is_not_certain_is_not_found(text: str, quote: str) -> None:
    assert quote_in(text, TextQuote(quote)) is None


@pytest.mark.parametrize(
    "comment", [Comment("c", None, "1", 0, ""), Comment("c", None, "1", 0, "x" * 50_000)]
)
def test_odd_comments_are_compared_without_fuss(comment: Comment) -> None:
    changed = comment._replace(id="d", text=comment.text + "!")
    assert set(paired([comment], [changed])) <= {0}


repetitive = st.lists(
    st.sampled_from("ha ha, no é “yes” (x) don’t\n\n *".split(" ")), min_size=1, max_size=30
)


@given(repetitive, st.data())
def test_a_passage_of_an_unchanged_text_is_always_found_where_it_was(
    words: list[str], data: st.DataObject
) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = quote_of(text, start, end)
    if not quote.exact.strip():
        assert passage_in(text, quote) == ("none", None)
        return
    assert passage_in(text, quote) == ("exact", (start, end))
    found, span = passage_in("\n ".join(text.split()), quote)  # the same words, laid out otherwise
    assert found == "exact" and span
    assert "".join("\n ".join(text.split())[slice(*span)].split()) == "".join(quote.exact.split())


def test_a_passage_stands_between_the_words_that_were_around_it() -> None:
    text = "He said yes. She said yes. They all said yes."
    quote = quote_of(text, text.index("She"), text.index(" They"))
    found, span = passage_in("He said yes, then. They said yes. They all said yes.", quote)
    assert (found, span) == ("changed", (19, 33))
    found, span = passage_in("Nobody spoke. She said yes. All said yes.", quote)
    assert (found, span) == ("exact", (14, 27))


def test_a_passage_that_went_elsewhere_in_its_text_is_moved() -> None:
    text = f"{OTHER} {SECOND} {LONG} The end of it."
    start = text.index(LONG)
    found, span = passage_in(
        f"{LONG} So I heard. {OTHER} {SECOND} The end.", quote_of(text, start, start + len(LONG))
    )
    assert (found, span) == ("moved", (0, len(LONG)))


def test_of_a_passage_that_was_taken_out_nothing_is_found() -> None:
    text = f"{OTHER} {LONG} The end of it."
    start = text.index(LONG)
    assert passage_in(f"{OTHER} The end of it.", quote_of(text, start, start + len(LONG))) == ("none", None)


def test_words_that_came_twice_where_they_stood_are_asked_about() -> None:
    text = "First it was said that all the lamps were lit. And so on, and so on."
    quote = quote_of(text, text.index("all"), text.index(" And"))
    here = thread("So, all the lamps were lit. But no. They say all the lamps were lit. Who knows?")
    told = Anchors(here).of(mark(here, 0, quote))
    assert told.state in ("ask", "exact")
    assert told.state == "ask" or told.span


@pytest.mark.parametrize(
    "broken",
    [
        "It wasnâ€™t â€œCafÃ© Lampeâ€\x9d",
        "It wasnâ€™t â€œCafÃ© Lampeâ€\ufffd",
        "It wasn&#39;t &quot;Caf&eacute; Lampe&quot;",
        "It  wasn't\n“Cafe\u0301 Lampe”",
        "It wasn't «Café Lampe»",
    ],
)
def test_mended_signs_leave_a_text_what_it_was(broken: str) -> None:
    mended = "It wasn’t “Café Lampe”"
    assert plain(broken) == plain(mended) != plain("It wasn’t “Cafe Lampe”")
    was, now = thread(broken), thread(mended)
    on = mark(was, 0, TextQuote(broken))._replace(comment_id=now.comments[0].id)
    assert state(on, now) == ("exact", "only signs in the comment were mended")


def test_of_equal_comments_the_one_in_the_same_place_is_meant() -> None:
    same, between = "Yes, I think so too.", [LONG, SECOND, OTHER, f"{SECOND} So they say.", f"{OTHER} Or so."]
    old = thread(same, *between, same, "The end.")
    assert kept(old, old) == {at: at for at in range(8)}
    without = thread(*between, same, "The end.")
    assert kept(old, without) == {at: at + 1 for at in range(7)}
    edited = thread(f"{same} Edit: no, I was wrong about it.", *between, same, "The end.")
    assert {at: o for at, o in kept(old, edited).items() if at} == {at: at for at in range(1, 8)}


def test_of_equal_comments_side_by_side_none_is_taken_where_one_is_gone() -> None:
    old = thread(LONG, "The same words, twice.", "The same words, twice.", OTHER)
    assert kept(old, old) == {0: 0, 1: 1, 2: 2, 3: 3}
    assert kept(old, thread(LONG, "The same words, twice.", OTHER)) == {0: 0, 2: 3}


def test_a_reply_that_says_the_same_and_takes_the_place_of_what_it_answered_is_not_mistaken() -> None:
    said = [DraftComment(LONG), DraftComment("I agree with this.", 0), DraftComment("I agree with this.", 1)]
    said += [DraftComment(SECOND, 0), DraftComment(OTHER)]
    old = thread_of(Draft("outline", "Fog", "", tuple(said)), "p1", source="")
    promoted = [said[0], said[2]._replace(parent=0), *said[3:]]
    new = thread_of(Draft("outline", "Fog", "", tuple(promoted)), "p1", source="")
    assert kept(old, new) == {0: 0, 2: 3, 3: 4}


def test_nor_is_one_that_was_edited_on_the_way() -> None:
    said = [DraftComment(SECOND), DraftComment(LONG, 0), DraftComment(LONG, 1), DraftComment(OTHER)]
    old = thread_of(Draft("outline", "Fog", "", tuple(said)), "p1", source="")
    edited = DraftComment(LONG.replace("an hour", "two hours"), 0)
    new = thread_of(Draft("outline", "Fog", "", (said[0], edited, said[3])), "p1", source="")
    assert kept(old, new) == {0: 0, 2: 3}


def test_a_comment_that_was_gone_is_known_again_by_what_a_mark_kept_of_it() -> None:
    gone = Comment("gone", None, "", 0, LONG)
    edited = LONG.replace("an hour", "two hours")
    assert paired(thread(OTHER).comments, thread(OTHER, edited).comments, gone=[gone]) == {0: 0, 1: 1}
    assert paired(thread(OTHER).comments, thread(OTHER, "Thanks.").comments, gone=[gone]) == {0: 0}


def test_an_id_that_the_source_gives_is_certain() -> None:
    old = [Comment("7", None, "1", 0, LONG)]
    new = [Comment("7", None, "1", 0, OTHER), Comment("8", None, "2", 0, LONG)]
    assert paired(old, new, certain={"7", "8"}) == {0: 0}
    assert paired(old, new) == {1: 0}


def test_a_mark_is_moved_once_its_comment_answers_something_else() -> None:
    here = thread(LONG, OTHER)
    copy = Copy(OTHER, None, "")
    on = mark(here, 1, TextQuote(OTHER, copy=copy))
    assert state(on, here) == ("exact", "")
    under = mark(here, 1, TextQuote(OTHER, copy=copy._replace(parent_id="c9")))
    assert state(under, here) == ("moved", "it answers something else than it did")


def test_what_a_mark_of_an_older_version_was_made_on_is_noted_while_it_stands() -> None:
    here = thread("a lamp here, a lamp there")
    assert completed(mark(here, 0, TextQuote("lamp", suffix=" there")), here) == Copy(
        here.comments[0].text, 15, ""
    )
    assert completed(mark(here, 0, TextQuote("gone", suffix=" there")), here) is None
    whole = mark(here, 0, TextQuote("a lamp here"))
    assert completed(whole, here) == Copy("a lamp here", None, "")


def test_quotes_may_be_typed_as_on_a_typewriter() -> None:
    assert typed("“Don’t – please”", "don't") == []
    assert typed("“Don’t – please”", "Don't - please") == [(1, 15)]


def test_word_changes_tell_what_came_and_went_and_join_up_to_the_texts() -> None:
    old, new = "The pilot would not\nsail today.", "The captain would\nsail."
    changes = word_changes(old, new)
    assert changes[:3] == [
        WordChange("same", "The "),
        WordChange("gone", "pilot "),
        WordChange("new", "captain "),
    ]
    assert "".join(change.text for change in changes if change.kind != "gone") == new
