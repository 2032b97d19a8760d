"""What names a post or a comment: an id or its beginning, a place as it is printed, or a link of ours."""

from urllib.parse import unquote

from threadreader.errors import UnknownReference
from threadreader.index import Index

SCHEME = "threadreader://"
SHORTEST_PREFIX = 6  # characters of an id that name it
_MOST_CANDIDATES = 5  # that are listed for an ambiguous reference

Target = tuple[str, str | None]  # ids of a post and of a comment, None for the post itself


def resolve(index: Index, reference: str, *, comment: bool = False) -> Target:
    """The post and the comment that `reference` names: `2`, `2/4.1`, an id, or six characters of one.

    A post's number is its place in the index's order. Raises UnknownReference for none, for several, and for
    a post where a `comment` is asked for.
    """
    wanted = reference.strip()
    if wanted.startswith(SCHEME):
        return _linked(index, reference, wanted.removeprefix(SCHEME))
    head, slash, place = wanted.partition("/")
    found = _at_place(index, head, place) if slash else _named(index, head)
    exact = [target for target in found if wanted in target]
    if len(found) > 1 and len(exact) != 1:
        raise UnknownReference(f"{reference}: names several: {_candidates(found)}. Give more of the id.")
    if not found:
        raise UnknownReference(f"{reference}: names nothing here. `threadreader posts` lists what there is.")
    target = (exact or found)[0]
    if comment and target[1] is None:
        raise UnknownReference(f"{reference}: a post. Name a comment of it, such as {wanted}/1.")
    return target


def _linked(index: Index, reference: str, address: str) -> Target:
    """What a link of ours leads to, as exports have them: `threadreader://POST#COMMENT`."""
    post_id, _, comment_id = (unquote(part) for part in address.partition("#"))
    if not comment_id and index.ids_with_prefix(post_id)[0] == [post_id]:
        return post_id, None
    if comment_id and index.comment_post(comment_id) == post_id:
        return post_id, comment_id
    raise UnknownReference(f"{reference}: leads to nothing here. Was it made in another library?")


def _named(index: Index, name: str) -> list[Target]:
    """The posts and comments with that number, id or beginning of an id."""
    if name.isascii() and name.isdecimal() and len(name) < SHORTEST_PREFIX:
        return [(post.id, None) for post in index.posts()[int(name) - 1 : int(name)] if int(name)]
    if len(name) < SHORTEST_PREFIX:
        return []
    post_ids, comment_ids = index.ids_with_prefix(name)
    targets: list[Target] = [(post_id, None) for post_id in post_ids]
    return targets + [(post, one) for one in comment_ids if (post := index.comment_post(one))]


def _at_place(index: Index, name: str, place: str) -> list[Target]:
    return [
        (post_id, one.id)
        for post_id, comment_id in _named(index, name)
        if comment_id is None
        for one in index.thread(post_id).comments
        if one.place == place
    ]


def _candidates(found: list[Target]) -> str:
    ids = [comment_id or post_id for post_id, comment_id in found]
    more = len(ids) - _MOST_CANDIDATES
    return ", ".join(ids[:_MOST_CANDIDATES]) + (f" and {more} more" if more > 0 else "")
