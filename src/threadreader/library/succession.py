"""The ids that the comments of a newer copy of a post go by: those that they had."""

from collections import Counter
from collections.abc import Mapping, Sequence

from threadreader.model import Annotation, Comment, Draft, Thread, digest, in_copy, thread_of
from threadreader.pairing import paired, plain


def aliases_of(
    draft: Draft, before: Thread, marks: Sequence[Annotation], aliases: Mapping[str, str], copy: str
) -> dict[str, str]:
    """What `aliases` lack for the comments of `draft` to have the ids that they have in the copy `before`.

    A comment that only marks tell of, since it was gone, has its id again. One that says the same as others,
    and can't be told from them, has an id of its own: no mark comes to stand on it by chance.
    """
    post_id = before.post.id
    natural = thread_of(draft, post_id, source="").comments
    ids = _ids(draft, natural, before, marks, aliases, copy)
    texts = Counter(plain(comment.text) for comment in natural)
    known = dict(aliases)
    taken = {comment.id for comment in natural}
    certain = _certain(draft, natural)
    kept = {
        comment.id: wanted
        for comment, wanted in zip(natural, ids, strict=True)
        if wanted not in (comment.id, known.get(comment.id)) and wanted not in taken
        if comment.id in certain or texts[plain(comment.text)] == 1
    }
    while wrong := {
        in_copy(own.id, copy): wanted
        for own, now, wanted in zip(natural, _known(draft, post_id, known | kept, copy), ids, strict=True)
        if now != wanted
    }:
        kept |= wrong
    return {own: wanted for own, wanted in kept.items() if aliases.get(own) != wanted}


def _certain(draft: Draft, natural: Sequence[Comment]) -> set[str]:
    """The ids that come from the source's own: those of a comment wherever it stands, whatever it says."""
    return {comment.id for comment, item in zip(natural, draft.comments, strict=True) if item.source_id}


def _called(natural: Sequence[Comment], names: Mapping[str, str]) -> list[Comment]:
    """The comments by the ids that some are known by, where a copy without the source's ids came first."""
    return [
        comment._replace(
            id=names.get(comment.id, comment.id),
            parent_id=names.get(comment.parent_id or "", comment.parent_id),
        )
        for comment in natural
    ]


def _known(draft: Draft, post_id: str, aliases: Mapping[str, str], copy: str) -> list[str]:
    thread = thread_of(draft, post_id, source="", aliases=aliases, copy=copy)
    return [comment.id for comment in thread.comments]


def _ids(
    draft: Draft,
    natural: Sequence[Comment],
    before: Thread,
    marks: Sequence[Annotation],
    aliases: Mapping[str, str],
    copy: str,
) -> list[str]:
    """The id that each comment of the newer copy is to have; all are different."""
    gone = {
        mark.comment_id: Comment(mark.comment_id, None, "", 0, mark.quote.copy.text)
        for mark in marks
        if mark.quote.copy and mark.comment_id and mark.comment_id not in before.positions
        if not mark.is_detached
    }
    older = [*before.comments, *gone.values()]
    certain = _certain(draft, natural)
    called = _called(natural, {own: aliases.get(own, own) for own in certain})
    now_certain = {comment.id for comment, own in zip(called, natural, strict=True) if own.id in certain}
    pairs = paired(before.comments, called, gone=tuple(gone.values()), certain=now_certain)
    texts = Counter(plain(comment.text) for comment in natural)
    had = {comment.id for comment in older}
    texts.update({plain(comment.text) for comment in older})
    ids = {n: older[o].id for n, o in pairs.items()}
    taken = had | set(ids.values())
    for n, comment in enumerate(natural):
        if n in ids:
            continue
        own = aliases.get(comment.id, comment.id)
        own = comment.id if own in taken else own
        if own in taken or (texts[plain(comment.text)] > 1 and comment.id not in certain):
            own = digest(comment.id, copy)
        ids[n] = own
        taken.add(own)
    return [ids[n] for n in range(len(natural))]
