"""What the newest copy of a post brought and took, as words to show."""

from collections.abc import Iterator, Sequence

from threadreader.anchoring import word_changes
from threadreader.model import Thread, WordChange
from threadreader.ui.screens.reading import Reading


def changes_of(reading: Reading, earlier: Thread, comment_id: str) -> Sequence[WordChange]:
    """What changed in a comment that both copies have."""
    before = earlier.comments[earlier.positions[comment_id]].text
    return word_changes(before, reading.words(comment_id))


def changes_in(reading: Reading, earlier: Thread) -> Iterator[WordChange]:
    """How many comments are new and changed, and what is gone, in full."""
    kinds = list(reading.news.values())
    gone = [comment for comment in earlier.comments if comment.id not in reading.thread.positions]
    told = f"{kinds.count('new')} new, {kinds.count('changed')} changed, {len(gone)} gone"
    yield WordChange("same", told if kinds or gone else "every comment is as it was")
    for comment in gone:
        yield WordChange("same", f"\n\n{comment.place} {comment.byline}\n")
        yield WordChange("gone", comment.text)
