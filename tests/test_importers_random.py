"""Random threads, set as a document and read back: what was meant is what is read."""

import datetime as dt
import random
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import (
    LANGUAGES,
    Meant,
    Place,
    Said,
    Style,
    backup,
    number_of,
    outline,
    page,
    run_on,
    styles,
    text_of,
    threads,
    written_at,
)

from threadreader import importers
from threadreader.errors import DocumentError
from threadreader.model import Draft, thread_of

steadily = settings(derandomize=True, deadline=None, max_examples=50)
sparingly = settings(steadily, max_examples=15)  # what is told apart by tags has less to be mistaken in


def read(document: str) -> Draft:
    (draft,) = importers.read_bytes(document.encode(), "random.txt")
    return draft


def told(draft: Draft) -> list[tuple[int, str]]:
    depths: list[int] = []
    for comment in draft.comments:
        depths.append(0 if comment.parent is None else depths[comment.parent] + 1)
    return [(depth, comment.text) for depth, comment in zip(depths, draft.comments, strict=True)]


@given(threads(broken=False, deepest=1), st.sampled_from(["end", "glued", "alone"]))
@steadily
def test_a_run_on_document_is_read_as_it_was_meant(thread: Meant, place: Place) -> None:
    draft = read(run_on(thread, place))
    assert draft.layout == "run-on"
    assert (draft.body, told(draft)) == (text_of(thread.body), thread.told)


@given(threads(broken=True, deepest=3), styles)
@steadily
def test_an_outline_is_read_as_it_was_meant(thread: Meant, style: Style) -> None:
    draft = read(outline(thread, style))
    assert draft.layout == "outline"
    assert (draft.title, draft.body, told(draft)) == ("A heading", text_of(thread.body), thread.told)
    assert draft.warnings == ()


@given(threads(broken=True, deepest=3), st.booleans())
@sparingly
def test_a_page_is_read_as_it_was_meant(thread: Meant, saved: bool) -> None:
    draft = read(page(thread, saved=saved))
    assert draft.layout == "blogger-page"
    assert (draft.title, draft.body, told(draft)) == ("A heading", text_of(thread.body), thread.told)
    assert [comment.source_id for comment in draft.comments] == ids(thread)
    assert [comment.created for comment in draft.comments] == moments(thread)
    assert draft.warnings == ()


@given(threads(broken=True, deepest=3), st.booleans(), st.randoms(use_true_random=False))
@sparingly
def test_a_backup_is_read_as_it_was_meant(thread: Meant, takeout: bool, draw: random.Random) -> None:
    draft = read(backup(thread, takeout=takeout, draw=draw))
    assert draft.layout == "blogger-backup"
    assert (draft.title, draft.body, told(draft)) == ("A heading", text_of(thread.body), thread.told)
    assert [comment.source_id for comment in draft.comments] == ids(thread)
    assert [comment.created for comment in draft.comments] == moments(thread)
    assert draft.warnings == ()


_FEW = Meant((("Tarn.",),), tuple(Said(at % 3, ((f"Mellin {at}",),)) for at in range(6)), LANGUAGES[0])
_WHOLE = (page(_FEW, dressed=True), page(_FEW, saved=True), backup(_FEW), backup(_FEW, takeout=True))
_SPLINTERS = (
    "",
    "<",
    "</div>",
    "</entry>",
    "<!--",
    "]]>",
    "&#0;",
    "&#xD800;",
    "\x00",
    "<li class='comment'>",
    "<pre>",
)


@given(st.sampled_from(_WHOLE), st.randoms(use_true_random=False))
@sparingly
def test_what_is_damaged_is_read_or_refused_in_one_line(document: str, draw: random.Random) -> None:
    for _ in range(draw.randint(1, 5)):
        start = draw.randrange(len(document))
        end = start + draw.choice((0, 0, 20, 200))
        document = document[:start] + draw.choice(_SPLINTERS) + document[end:]
    try:
        drafts = importers.read_bytes(document.encode(), "damaged.html")
    except DocumentError as error:
        assert "\n" not in str(error)
        return
    for draft in drafts:
        thread = thread_of(draft, "post", source="")
        above = [None if parent < 0 else thread.comments[parent].id for parent in thread.parents]
        assert above == [comment.parent_id for comment in thread.comments]
        assert len({comment.id for comment in thread.comments}) == len(thread.comments)


def ids(thread: Meant) -> list[str]:
    return [str(number_of(at)) for at in range(len(thread.comments))]


def moments(thread: Meant) -> list[dt.datetime]:
    return [written_at(at) for at in range(len(thread.comments))]


_TWELVE = Meant((("Tarn.",),), tuple(Said(0, ((f"Mellin {at}",),)) for at in range(12)), LANGUAGES[0])


@given(st.booleans())
@example(True)
@example(False)
@settings(derandomize=True, max_examples=2)
def test_numbers_of_two_digits_may_shift_or_stand_right_aligned(right_aligned: bool) -> None:
    style = Style(right_aligned=right_aligned, blank="", stray=False)
    assert told(read(outline(_TWELVE, style))) == _TWELVE.told


PIECES = ("ReplyDelete", "Delete", "Deleted by ", "ReplyDeleteReplyDelete", "Delete your ", "", "", "")


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12), st.sampled_from(["end", "glued", "alone"]))
@steadily
def test_no_word_is_lost_or_moved_wherever_footers_stand(pieces: list[str], place: Place) -> None:
    rows = [f"w{at}{piece}" if place == "end" else f"{piece}w{at}" for at, piece in enumerate(pieces)]
    if place == "alone":
        rows = [row for at, piece in enumerate(pieces) for row in (f"w{at}", piece) if row]
    draft = read("\n".join([*rows, "last", "ReplyDelete"]))
    texts = " ".join([draft.body, *(comment.text for comment in draft.comments)])
    assert re.findall(r"w\d+", texts) == [f"w{at}" for at in range(len(pieces))]
    assert all(comment.text for comment in draft.comments)
