"""Mendings, and what moves with them: one step to undo."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from threadreader.annotations.changes import Told
from threadreader.annotations.marks import Marks
from threadreader.annotations.rows import stamp, time_of
from threadreader.model import Mending, TextQuote

if TYPE_CHECKING:
    from threadreader.mending.moves import Moves

_COLUMNS = "id, kind, post_id, comment_id, other_id, exact, prefix, suffix, created, moved"


class Mendings(Marks):
    """What of the store says how threads were mended."""

    def mendings(self, post_id: str | None = None) -> list[Mending]:
        """Every mending, of one post if given, in the order in which they are followed."""
        where, given = ("", ()) if post_id is None else ("WHERE post_id = ?", (post_id,))
        rows = self._rows(f"SELECT {_COLUMNS} FROM mendings {where} ORDER BY created, id", given)
        return [
            Mending(own, kind, post, on, other, TextQuote(*quote), time_of(created), moved)
            for own, kind, post, on, other, *quote, created, moved in rows
        ]

    def mendings_by_post(self) -> dict[str, list[Mending]]:
        """The mendings of each post that has any."""
        by_post: dict[str, list[Mending]] = {}
        for mending in self.mendings():
            by_post.setdefault(mending.post_id, []).append(mending)
        return by_post

    def known_read(self, post_id: str) -> set[str]:
        """Ids of the comments that were read, be it that the post does not hold them now."""
        return {on for (on,) in self._rows("SELECT comment_id FROM reads WHERE post_id = ?", (post_id,))}

    def fresh(self) -> tuple[str, dt.datetime]:
        """A new id, and the present moment as precise as it is kept."""
        return self._new_id(), self._now()

    def mark_row(self, annotation_id: str) -> dict[str, Any] | None:
        """A mark as it is kept, to be kept elsewhere for a time."""
        return self._row("annotations", annotation_id)

    def mend(
        self, post_id: str, put: Iterable[Mending], removed: Iterable[Mending], moves: "Moves", why: str
    ) -> None:
        """Keep mendings and take others away, with what moves: one step to undo, told as `why`."""
        with self._writing():
            for mending in put:
                self._change("mendings", mending.id, _row_of(mending))
            for mending in removed:
                self._change("mendings", mending.id, None)
            for mark in moves.gone:
                self._change("annotations", mark.id, None)
            for mark in moves.marks:
                quote = mark.quote
                words = dict(zip(("exact", "prefix", "suffix"), quote[:3], strict=True))
                copied = dict(zip(("copy", "start", "parent"), self._copied(quote.copy), strict=True))
                row = self._row("annotations", mark.id) or {}
                self._change("annotations", mark.id, row | {"comment_id": mark.comment_id} | words | copied)
            for there in moves.back:
                self._change("annotations", there["id"], dict(there))
            for on in sorted({*moves.put, *moves.taken}):
                tags = {"put": list(moves.put.get(on, ())), "taken": list(moves.taken.get(on, ()))}
                self._change("tags", post_id, {"comment_id": on} | tags)
            for ids, read in ((moves.read, True), (moves.unread, False)):
                if ids:
                    self._change("reads", post_id, {"ids": list(ids), "read": read})
            self._told = Told(why=why)


def _row_of(mending: Mending) -> dict[str, Any]:
    row = {name: value for name, value in mending._asdict().items() if name != "quote"}
    quote = dict(zip(("exact", "prefix", "suffix"), mending.quote[:3], strict=True))
    return row | quote | {"created": stamp(mending.created)}
