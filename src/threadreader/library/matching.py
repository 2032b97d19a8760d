"""Which stored post a document is another copy of."""

from collections.abc import Callable, Collection
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from threadreader.index import Index, Ready
from threadreader.model import Draft, Post, Thread, collapsed, digest, thread_of

SHARED = 0.6  # of the comments of the smaller of two copies that the other one holds too
FEWEST_SHARED = 3  # and at least so many: two posts may both hold "Thank you!"


class NewPost(NamedTuple):
    """A thread as it is stored if it is no copy of a post that is there."""

    own_id: str | None  # of a post whose source gives it an id or an address
    ready: Ready

    @classmethod
    def of(cls, draft: Draft, path: str, source_digest: str, ordinal: int) -> Self:
        """The thread that a draft tells, of the document of that digest at `path`, the nth in it."""
        own = draft.source_id or draft.url
        own_id = digest(own) if own else None
        post_id = own_id or digest(source_digest, str(ordinal))
        return cls(own_id, Ready.of(thread_of(draft, post_id, source=path)))


def same_post(
    index: Index,
    new: NewPost,
    *,
    own: str | None,
    path: str | None,
    taken: Collection[str],
    as_it_came: Callable[[str], Thread | None],
) -> Post | None:
    """The stored post that `new` is another copy of, None if there is none.

    `own` is what a post with its own id would be stored as, `path` where its document lies, None if that says
    nothing; `taken` are the posts that the document's other threads are. A post that was mended is compared
    `as_it_came`.
    """
    fingerprints = set(new.ready.fingerprints)
    shared = index.posts_sharing(fingerprints) if fingerprints else {}
    post = new.ready.thread.post
    like = index.posts_like(
        ids=[*shared, own] if own else shared, path=path, title=post.title, date=post.date
    )
    for stored in sorted(like, key=lambda stored: stored.id != own):
        if stored.id in taken:
            continue
        common = shared.get(stored.id, 0)
        if stored.mended and common and (came := as_it_came(stored.id)):
            common = len(fingerprints & set(Ready.of(came).fingerprints))
            stored = stored._replace(comments=len(came.comments))
        if stored.id == own or _is_copy(
            post, len(fingerprints), stored, common, same_path=stored.source == path
        ):
            return stored
    return None


def _is_copy(post: Post, texts: int, stored: Post, common: int, *, same_path: bool) -> bool:
    """Are they one post, one with so many different `texts`, `common` of which stand in both?"""
    if post.url and stored.url and urlsplit(post.url).path != urlsplit(stored.url).path:
        return False  # a blog has one post at an address; its host goes by the reader's country
    same_title = not post.title_derived and collapsed(post.title) == collapsed(stored.title)
    if same_path:
        # A page saved over another one shares nothing with it, unless there is too little to share.
        return bool(common) or same_title or min(texts, stored.comments) < FEWEST_SHARED
    if same_title and post.date is not None and post.date == stored.date:
        return True
    return common >= max(FEWEST_SHARED, SHARED * min(texts, stored.comments))
