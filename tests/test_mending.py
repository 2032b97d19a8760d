"""Comments that were read wrongly, mended by hand: nothing is lost or guessed, all comes back."""

import datetime as dt
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadreader.mending import beginning_of, digest_of, mended, part_id, place_in
from threadreader.model import Draft, DraftComment, Mending, TextQuote, Thread, thread_of
from threadreader.passages import sentences

NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def thread(*comments: tuple[int | None, str]) -> Thread:
    drafts = tuple(DraftComment(text, parent) for parent, text in comments)
    return thread_of(Draft("outline", "Fog", "", drafts), "post", source="fog.txt")


def mending(
    kind: str, on: Thread, at: int, other: int | None = None, place: int = 0, number: int = 0
) -> Mending:
    comment = on.comments[at]
    other_id = None if other is None else on.comments[other].id
    quote = beginning_of(comment.text, place)
    moment = NOW + dt.timedelta(minutes=number)
    return Mending(f"m{number}", kind, "post", comment.id, other_id, quote, moment)  # type: ignore[arg-type]


def told(of: Thread) -> list[tuple[str, str]]:
    return [(comment.place, comment.text) for comment in of.comments]


FOG = thread(
    (None, "The fog came early. It stayed."),
    (0, "It did, all day. And who are you? I am Bo, and I disagree."),
    (1, "So do I."),
    (None, "A second thought."),
)


def test_a_comment_hung_elsewhere_takes_its_replies_along_and_stands_as_the_document_has_it() -> None:
    again = mended(FOG, [mending("re-hang", FOG, 1, 3)]).thread
    assert [place for place, _ in told(again)] == ["1", "2", "2.1", "2.1.1"]
    assert again.comments[2].mended == "re-hung: was a reply to 1"
    assert [comment.mended for comment in again.comments].count("") == 3
    assert [comment.depth for comment in again.comments] == [0, 0, 1, 2]
    on_post = mended(FOG, [mending("re-hang", FOG, 1)]).thread
    assert [place for place, _ in told(on_post)] == ["1", "2", "2.1", "3"], "siblings in the document's order"


def test_the_second_part_of_a_comment_stands_next_to_it_and_has_the_replies() -> None:
    place = FOG.comments[1].text.index("I am Bo")
    one = mending("split", FOG, 1, place=place)
    again = mended(FOG, [one]).thread
    assert told(again)[1:4] == [
        ("1.1", "It did, all day. And who are you?"),
        ("1.2", "I am Bo, and I disagree."),
        ("1.2.1", "So do I."),
    ]
    assert again.comments[2].id == part_id(one)
    assert [comment.mended for comment in again.comments[1:3]] == [
        "split: the rest is 1.2",
        "split off from 1.1",
    ]
    assert again.post.comments == 5


def test_what_is_joined_stands_behind_the_text_and_its_replies_become_the_comments() -> None:
    again = mended(FOG, [mending("join", FOG, 0, 1)]).thread
    assert told(again)[:2] == [
        ("1", f"{FOG.comments[0].text}\n\n{FOG.comments[1].text}"),
        ("1.1", "So do I."),
    ]
    assert again.comments[0].mended == "joined with what was 1.1 Anonymous"


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (mending("re-hang", FOG, 0, 2), "it would stand under itself"),
        (mending("re-hang", FOG, 0, 0), "it would stand under itself"),
        (mending("join", FOG, 2, 0), "what was joined to it stands above it now"),
        (mending("re-hang", FOG, 0)._replace(comment_id="none"), "the comment is not in the thread any more"),
        (
            mending("re-hang", FOG, 0)._replace(other_id="none"),
            "what it was hung under is not in the thread any more",
        ),
        (
            mending("join", FOG, 0)._replace(other_id="none"),
            "what was joined to it is not in the thread any more",
        ),
        (
            mending("split", FOG, 0)._replace(quote=TextQuote("Something else entirely stood here.")),
            "the place where it was split can't be told any more",
        ),
        (mending("split", FOG, 0), "nothing stands before the place where it was split, or behind it"),
    ],
)
def test_what_cant_be_followed_changes_nothing_and_says_why(wanted: Mending, reason: str) -> None:
    again = mended(FOG, [wanted])
    assert [(one.mending, one.reason) for one in again.unapplied] == [(wanted, reason)]
    assert again.thread.comments == FOG.comments


def test_two_that_would_hang_a_comment_under_itself_together_are_not_both_followed() -> None:
    other = thread((None, "One thing."), (None, "Another thing."))
    here, there = mending("re-hang", other, 0, 1), mending("re-hang", other, 1, 0, number=1)
    again = mended(other, [there, here])
    assert [one.mending for one in again.unapplied] == [there], "the later one, on both machines"
    assert [comment.depth for comment in again.thread.comments] == [0, 1]


def test_what_was_mended_alike_on_two_machines_is_mended_once() -> None:
    place = FOG.comments[1].text.index("I am Bo")
    once = [mending("split", FOG, 1, place=place), mending("join", FOG, 0, 1, number=1)]
    twice = [*once, *(one._replace(id=f"{one.id}b") for one in once)]
    again = mended(FOG, twice)
    assert not again.unapplied
    assert again.thread.comments == mended(FOG, once).thread.comments


def test_parts_that_were_joined_can_be_split_again() -> None:
    split = mending("split", FOG, 1, place=FOG.comments[1].text.index("I am Bo"))
    parts = mended(FOG, [split]).thread
    join = mending("join", parts, 1, 2, number=1)
    joined = mended(FOG, [split, join]).thread
    text = joined.comments[1].text
    for again in (
        split._replace(id="again", created=NOW + dt.timedelta(hours=1)),
        mending("split", joined, 1, place=text.index("I am Bo"), number=2),
    ):
        now = mended(FOG, [split, join, again])
        assert not now.unapplied
        assert told(now.thread)[1:3] == told(parts)[1:3]


@pytest.mark.parametrize(
    ("edited", "second"),
    [
        ("It did,  all night. And who are you?\n\nI am Bo, and I disagree.", "I am Bo, and I disagree."),
        ("A new line. It did, all day. And who are you? I am Bo, and I disagree. Much.", "I am Bo, and"),
        (
            "It did, all day. And who are you? My name is Bo, and I won’t.",
            "My name is Bo",
        ),  # by what is before
        ("I am Bo, and I disagree. It did. I am Bo, and I disagree.", None),  # which of them?
        ("All of it is gone now.", None),
    ],
)
def test_the_place_of_a_split_is_found_in_an_edited_text_or_not_at_all(
    edited: str, second: str | None
) -> None:
    text = FOG.comments[1].text
    quote = beginning_of(text, text.index("I am Bo"))
    place = place_in(edited, quote)
    assert (place is None) == (second is None)
    assert second is None or edited[place:].startswith(second)


WORDS = st.lists(
    st.sampled_from("fog river bank heron ferry. Why? Yes. mist".split()), min_size=1, max_size=9
)
TEXTS = WORDS.map(" ".join)


@st.composite
def threads(draw: st.DrawFn) -> Thread:
    texts = draw(st.lists(TEXTS, min_size=1, max_size=9))
    way: list[int] = []
    comments: list[tuple[int | None, str]] = []
    for at, text in enumerate(texts):
        del way[draw(st.integers(0, len(way))) :]
        comments.append((way[-1] if way else None, f"{text} {at}"))
        way.append(at)
    return thread(*comments)


@st.composite
def mended_threads(draw: st.DrawFn) -> tuple[Thread, list[Mending]]:
    came = draw(threads())
    now, done = came, list[Mending]()
    for number in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(now.comments) - 1))
        kind = draw(st.sampled_from(("re-hang", "split", "join")))
        other = draw(st.one_of(st.none(), st.integers(0, len(now.comments) - 1)))
        if kind == "join":
            other = min(at + 1, len(now.comments) - 1)
        starts = [start for start, _ in sentences(now.comments[at].text)]
        place = draw(st.sampled_from(starts)) if kind == "split" else 0
        done.append(mending(kind, now, at, other, place, number))
        now = mended(came, done).thread
    return came, done


@settings(deadline=None, max_examples=50)
@given(mended_threads(), st.randoms(use_true_random=False))
def test_no_word_is_lost_and_the_tree_is_whole_whatever_is_mended(
    drawn: tuple[Thread, list[Mending]],
    random: Random,
) -> None:
    came, done = drawn
    again = mended(came, done)
    now = again.thread

    def words(of: Thread) -> Counter[str]:
        return Counter(word for comment in of.comments for word in comment.text.split())

    assert words(now) == words(came)
    assert len({comment.id for comment in now.comments}) == len(now.comments) == now.post.comments
    for at, comment in enumerate(now.comments):
        above = now.parents[at]
        assert comment.parent_id == (now.comments[above].id if above >= 0 else None)
        assert comment.place.count(".") == comment.depth
    for comment_id, pieces in again.pieces.items():  # where each word came from is known
        text = now.comments[now.positions[comment_id]].text
        for piece in pieces:
            source = came.comments[came.positions[piece.comment_id]].text[piece.start : piece.end]
            assert text[piece.at : piece.at + piece.end - piece.start] == source
    shuffled = random.sample(done, len(done))
    assert mended(came, shuffled).thread == now
    assert digest_of(shuffled) == digest_of(done) == now.post.mended
    assert mended(came, []).thread == came, "the thread as it came is as it came"
