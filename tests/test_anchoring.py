"""Words are found again where they are certain to be meant, and nowhere else."""

import datetime as dt
import random

import pytest

from threadreader.anchoring import Anchors, quote_in
from threadreader.model import Annotation, Comment, Draft, DraftComment, TextQuote, Thread, thread_of
from threadreader.pairing import paired

MOMENT = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
LONG = "The ferry left an hour late because the pilot would not sail into the fog without a second lamp."
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
