"""Which stored post a document is another copy of."""

from collections.abc import Collection

from threadreader.index import Index
from threadreader.model import Draft, Post, collapsed, digest

SHARED = 0.6  # of the comments of the smaller of two copies that the other one holds too
FEWEST_SHARED = 3  # and at least so many: two posts may both hold "Thank you!"


def same_post(index: Index, draft: Draft, *, path: str | None, taken: Collection[str]) -> Post | None:
    """The stored post that `draft` is another copy of, None if it is a new one.

    `path` is where its document lies, None if that says nothing; `taken` are the posts that the document's
    other drafts are.
    """
    own = own_id(draft)
    texts = [comment.text for comment in draft.comments]
    shared = index.posts_sharing(texts) if texts else {}
    like = index.posts_like(
        ids=[*shared, own] if own else shared, path=path, title=draft.title, date=draft.date
    )
    for post in like:
        if post.id in taken:
            continue
        if post.id == own or _is_copy(draft, post, shared.get(post.id, 0), same_path=post.source == path):
            return post
    return None


def own_id(draft: Draft) -> str | None:
    """The id of a post whose source gives it an id or an address."""
    own = draft.source_id or draft.url
    return digest(own) if own else None


def _is_copy(draft: Draft, post: Post, common: int, *, same_path: bool) -> bool:
    """Are they one post, when `common` different texts stand in comments of both?"""
    texts = {collapsed(comment.text) for comment in draft.comments}
    same_title = not draft.title_derived and collapsed(draft.title) == collapsed(post.title)
    if same_path:
        # A page saved over another one shares nothing with it, unless there is too little to share.
        return bool(common) or same_title or min(len(texts), post.comments) < FEWEST_SHARED
    if same_title and draft.date is not None and draft.date == post.date:
        return True
    return common >= max(FEWEST_SHARED, SHARED * min(len(texts), post.comments))
