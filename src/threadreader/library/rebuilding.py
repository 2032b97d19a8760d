"""The index built anew from `sources/`: each post from its newest document, with the ids it had."""

import contextlib
import itertools
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from threadreader.index import Index
from threadreader.library import reading
from threadreader.library.mending import as_mended
from threadreader.library.sources import KeptSource, Sources, is_there
from threadreader.model import Draft, Mending, Source, Thread, thread_of

Mendings = Mapping[str, Sequence[Mending]]  # by post
Progress = Callable[[int, int, str], None]  # documents done, documents in all, name of the next one

MANY = 500  # documents; an index of more is filled while one reads
_AT_A_TIME = 50  # posts


def rebuild(
    path: Path, sources: Sources, aliases: Mapping[str, str], mendings: Mendings, progress: Progress | None
) -> None:
    """Build the index at `path` anew, in the place of whatever is there.

    `aliases` turns the id that a comment gets by itself into the one it is known by; `mendings` are by post.
    A document that can't be read any more is passed over: `check` tells of it.
    """
    with (
        Index.rebuilding(path) as index,
        index.gathering(),
        contextlib.closing(_threads(sources, aliases, mendings, progress)) as threads,
    ):
        index.put_many(threads)


def fill(
    index: Index,
    sources: Sources,
    aliases: Mapping[str, str],
    mendings: Mendings,
    progress: Progress | None,
) -> None:
    """Put everything into an index that was begun anew, some posts at a time, so that one can read them."""
    with contextlib.closing(_threads(sources, aliases, mendings, progress)) as threads:
        while some := list(itertools.islice(threads, _AT_A_TIME)):
            index.put_many(some)
    index.finish()


def _threads(
    sources: Sources, aliases: Mapping[str, str], mendings: Mendings, progress: Progress | None
) -> Generator[tuple[Thread, Source], None, None]:
    """The last two copies of each post, the older first: what the newer one brought is seen by that.

    The older comes with each document but the newest; where there is none to be read, the newer with all.
    """
    kept = sources.kept()
    documents = _documents_of_posts(kept)
    placed: dict[str, int] = {}  # post -> how many of its documents came
    wanted_of = [
        {post_id for post_id in item.post_ids if item.source in documents[post_id][-2:]} for item in kept
    ]
    read = reading.each(
        [sources.document(item.source.digest) for item, wanted in zip(kept, wanted_of, strict=True) if wanted]
    )
    for done, (item, wanted) in enumerate(zip(kept, wanted_of, strict=True)):
        if progress:
            progress(done, len(kept), Path(item.source.path).name)
        for thread in _reread(next(read).drafts, item, wanted, aliases) if wanted else ():
            read_from = documents[thread.post.id]
            gone = not any(is_there(source.path) for source in read_from)
            thread = replace(thread, post=thread.post._replace(source_gone=gone))
            thread = as_mended(thread, mendings.get(thread.post.id, ()))
            until = read_from.index(item.source) + 1
            yield from ((thread, source) for source in read_from[placed.get(thread.post.id, 0) : until])
            placed[thread.post.id] = until
    if progress:
        progress(len(kept), len(kept), "")


def _documents_of_posts(kept: list[KeptSource]) -> dict[str, list[Source]]:
    documents: dict[str, list[Source]] = {}
    for item in kept:
        for post_id in item.post_ids:
            documents.setdefault(post_id, []).append(item.source)
    return documents


def _reread(
    drafts: Sequence[Draft], item: KeptSource, wanted: set[str], aliases: Mapping[str, str]
) -> Iterator[Thread]:
    """The threads of the `wanted` posts as they stand in one document."""
    for post_id, draft in zip(item.post_ids, drafts, strict=False):
        if post_id in wanted:
            source = item.source
            yield thread_of(draft, post_id, source=source.path, aliases=aliases, copy=source.digest)
