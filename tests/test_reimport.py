"""One post from documents of all four layouts, in any order: it stays one, and marks stay where they are."""

import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import LANGUAGES, PLAIN, Meant, Said, backup, outline, page, run_on, threads

from threadreader.anchoring import quote_of
from threadreader.library import Library
from threadreader.model import Thread, bare

WRITERS: dict[str, Callable[[Meant], str]] = {
    "run-on": lambda thread: run_on(thread, "glued"),
    "outline": lambda thread: outline(thread, PLAIN),
    "page": page,
    "saved page": lambda thread: page(thread, saved=True, dressed=True),
    "backup": backup,
    "takeout": lambda thread: backup(thread, takeout=True),
}
# By which a text without title and date is known to be the same post.
KNOWN = (
    Said(0, (("The ferry left an hour late, and nobody told the people on the quay.",),)),
    Said(1, (("They rang the old bell instead.",), ("I had not heard it since I was nine.",))),
    Said(0, (("Down by the sluice the eel men did not mind it in the least.",),)),
    Said(0, (("My grandmother put a lamp in the window on such days.",),)),
)


def add(library: Library, folder: Path, layout: str, thread: Meant) -> Thread:
    document = folder / f"{layout}.txt"
    document.write_text(WRITERS[layout](thread), encoding="utf-8")
    added = library.add(document)
    assert added.error is None
    (read,) = added.threads
    return library.index.thread(read.post.id)


def mark(library: Library, thread: Thread, draw: random.Random) -> None:
    """A bookmark on each comment, and a highlight on some of its words."""
    for comment in thread.comments:
        library.annotations.bookmark(thread.post.id, comment.id, library.quote(thread.post.id, comment.id))
        start = draw.randrange(len(comment.text))
        end = draw.randint(start + 1, len(comment.text))
        quote = quote_of(comment.text, start, end)
        if quote.exact.strip():
            library.annotations.highlight(thread.post.id, comment.id, quote, "yellow")


def said(thread: Thread) -> list[tuple[str, str]]:
    return [(comment.id, bare(comment.text)) for comment in thread.comments]


@given(
    threads(broken=False, deepest=1),
    st.permutations(sorted(WRITERS)),
    st.randoms(use_true_random=False),
)
@settings(derandomize=True, deadline=None, max_examples=4)
def test_a_post_is_the_same_from_every_layout(
    empty_library: Path, drawn: Meant, layouts: Sequence[str], draw: random.Random
) -> None:
    thread = replace(drawn, comments=(*drawn.comments, *KNOWN))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(empty_library, folder / "library")
        with Library.open(folder / "library") as library:
            first = add(library, folder, layouts[0], thread)
            mark(library, first, draw)
            for layout in layouts[1:]:
                now = add(library, folder, layout, thread)
                assert (now.post.id, said(now)) == (first.post.id, said(first)), layout
                states = library.states(library.annotations.marks())
                assert [told.state for told in states] == ["exact"] * len(states), layout
                assert [told.comment_id for told in states] == [told.mark.comment_id for told in states]
        with Library.open(folder / "library", anew=True) as library:
            assert said(library.index.thread(first.post.id)) == said(first)


THANKS = Said(0, (("Thank you!",),))
ODD = Said(0, (("The gulls walked. I have never seen so many gulls on foot.",),))


def test_equal_comments_are_known_by_their_ids_once_a_page_told_them(
    library: Library, tmp_path: Path
) -> None:
    comments = (KNOWN[0], THANKS, KNOWN[2], THANKS, KNOWN[3], THANKS, ODD)
    numbered = tuple(replace(said, nth=nth) for nth, said in enumerate(comments))
    thread = Meant((("A body.",),), numbered, LANGUAGES[0])
    first = said(add(library, tmp_path, "outline", thread))
    assert said(add(library, tmp_path, "page", thread)) == first
    # By what stands around them, they could be anyone of the three now.
    fewer = replace(thread, comments=(numbered[0], numbered[3], numbered[5]))
    assert said(add(library, tmp_path, "backup", fewer)) == [first[0], first[3], first[5]]
    assert said(add(library, tmp_path, "takeout", thread)) == first


def test_a_post_of_few_comments_is_known_by_its_id_once_a_page_told_it(
    library: Library, tmp_path: Path
) -> None:
    few = Meant((("A body.",),), (replace(KNOWN[0], nth=0), replace(THANKS, nth=1)), LANGUAGES[0])
    first = add(library, tmp_path, "outline", few)
    add(library, tmp_path, "page", few)  # by title and date
    fewer = replace(few, comments=few.comments[1:])
    document = tmp_path / "renamed.html"
    document.write_text(page(fewer).replace("A heading", "Another heading"), encoding="utf-8")
    (renamed,) = library.add(document).threads
    assert renamed.post.id == first.post.id
    assert [comment.id for comment in renamed.comments] == [first.comments[1].id]


def test_posts_of_a_backup_are_told_apart_by_their_ids_and_addresses(
    library: Library, tmp_path: Path
) -> None:
    """Two have the title, the date and most comments in common, and the newer backup lists one more first."""
    one = backup(Meant((("A body.",),), KNOWN, LANGUAGES[0]))
    two = one.replace("40017", "40018").replace("a-heading.html", "a-heading-2.html")
    two = two.replace("blog-5.post-9", "blog-5.post-8").replace("default/9", "default/8")
    three = two.replace("40018", "40019").replace("heading-2", "heading-3")
    three = three.replace("blog-5.post-8", "blog-5.post-7").replace("default/8", "default/7")
    head, end = one[: one.index("<entry")], "</feed>"

    def entries(*feeds: str) -> str:
        return head + "".join(feed[len(head) : feed.index(end)] for feed in feeds) + end

    older, newer = tmp_path / "older.xml", tmp_path / "newer.xml"
    older.write_text(entries(one, two), encoding="utf-8")
    newer.write_text(entries(three, two, one), encoding="utf-8")
    before = [thread.post.id for thread in library.add(older).threads]
    after = [thread.post.id for thread in library.add(newer).threads]
    assert len(set(before)) == 2
    assert len(set(after)) == 3
    assert set(before) < set(after)
    assert [len(library.index.thread(post_id).comments) for post_id in after] == [4, 4, 4]
