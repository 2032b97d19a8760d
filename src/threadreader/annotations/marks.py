"""Bookmarks, notes and highlights: made, changed, removed."""

from collections.abc import Iterable, Mapping
from typing import Any

from threadreader.annotations.rows import (
    ANNOTATION,
    WITH_COPY,
    annotation,
    kind_column,
    note_text,
    stamp,
    words_of,
)
from threadreader.annotations.steps import Steps
from threadreader.errors import UnknownReference
from threadreader.model import DETACHED, Annotation, Colour, Copy, MarkKind, NoteKind, TextQuote, digest


class Marks(Steps):
    """What of the store is a mark."""

    def marks(self, post_id: str | None = None) -> list[Annotation]:
        """Every annotation, of one post if given, oldest first."""
        where, given = ("", ()) if post_id is None else ("WHERE post_id = ?", (post_id,))
        rows = self._rows(f"SELECT {WITH_COPY} FROM annotations {where} ORDER BY created, id", given)
        return [annotation(row) for row in rows]

    def mark(self, annotation_id: str) -> Annotation:
        """One annotation; raises UnknownReference."""
        rows = self._rows(f"SELECT {WITH_COPY} FROM annotations WHERE id = ?", (annotation_id,))
        if not rows:
            raise UnknownReference(f"{annotation_id}: no such annotation; `threadreader marks` lists them.")
        return annotation(rows[0])

    def named(self, reference: str) -> Annotation:
        """The annotation of that id, or the only one whose id begins so; raises UnknownReference."""
        wanted = words_of(reference).strip()
        beginning = [mark for mark in self.marks() if wanted and mark.id.startswith(wanted)]
        if len(beginning) > 1 and wanted not in [mark.id for mark in beginning]:
            raise UnknownReference(f"{wanted}: names several annotations. Give more of the id.")
        return beginning[0] if len(beginning) == 1 else self.mark(wanted)

    def bookmark(self, post_id: str, comment_id: str | None, quote: TextQuote) -> Annotation:
        """The bookmark on a comment, or on the post: the one that is there, else a new one."""
        with self._writing():
            return self._bookmark_on(post_id, comment_id) or self._make(
                "bookmark", post_id, comment_id, "", quote
            )

    def unbookmark(self, post_id: str, comment_id: str | None) -> bool:
        """Take the bookmark off; whether there was one."""
        with self._writing():
            there = self._bookmark_on(post_id, comment_id)
            if there:
                self._change("annotations", there.id, None)
            return there is not None

    def toggle_bookmark(self, post_id: str, comment_id: str | None, quote: TextQuote) -> bool:
        """Set the bookmark, or take it off; whether it is there now."""
        with self._writing():
            there = self._bookmark_on(post_id, comment_id)
            if there:
                self._change("annotations", there.id, None)
            else:
                self._make("bookmark", post_id, comment_id, "", quote)
            return there is None

    def bookmark_all(self, targets: Iterable[tuple[str, str | None, TextQuote]]) -> int:
        """Bookmark each of these that has no bookmark, as one step to undo; gives how many had none."""
        targets, made = list(targets), 0  # read in full before anything waits for what is written
        with self._writing():
            for post_id, comment_id, quote in targets:
                if not self._bookmark_on(post_id, comment_id):
                    self._make("bookmark", post_id, comment_id, "", quote)
                    made += 1
        return made

    def note(
        self,
        post_id: str,
        comment_id: str | None,
        text: str,
        quote: TextQuote,
        note_kind: NoteKind = "comment",
    ) -> Annotation | None:
        """A new note, which ends the draft of one on its target; None if `text` is blank: that is no note."""
        words = note_text(text)
        with self._writing():
            self._end_draft(post_id, comment_id, None)
            if not words:
                return None
            return self._make("note", post_id, comment_id, words, quote, note_kind=note_kind)

    def highlight(
        self,
        post_id: str,
        comment_id: str | None,
        quote: TextQuote,
        colour: Colour,
        text: str = "",
        note_kind: NoteKind | None = None,
    ) -> Annotation:
        """Highlight a passage, perhaps with a note on it; one that is highlighted already gets the colour.

        Without a kind the note is a comment, or what is noted there is what it was.
        """
        words = note_text(text)
        with self._writing():
            there = self._rows(
                f"SELECT {WITH_COPY} FROM annotations WHERE kind = 'highlight' AND post_id = ?"
                " AND comment_id IS ? AND exact = ? AND prefix = ? AND suffix = ? AND ifnull(start, ?) IS ?",
                (post_id, comment_id, *quote[:3], *[quote.copy and quote.copy.start] * 2),
            )
            if not there:
                kind = note_kind or "comment"
                return self._make("highlight", post_id, comment_id, words, quote, colour, kind)
            mark = annotation(there[0])
            new = (colour, words or mark.text, note_kind or mark.note_kind)
            if (mark.colour, mark.text, mark.note_kind) != new:
                self._update(mark.id, colour=colour, text=new[1], note_kind=kind_column(new[2]))
            return self.mark(mark.id)

    def edit(self, annotation_id: str, text: str, note_kind: NoteKind | None = None) -> Annotation | None:
        """Give a note another text, and another kind if one is given, which ends the draft on its target.

        A blank text removes the note; of a highlight only what was noted on it. Raises UnknownReference if it
        is not there any more.
        """
        words = note_text(text)
        with self._writing():
            note = self.mark(annotation_id)
            self._end_draft(note.post_id, note.comment_id, note.id)
            if not words and note.kind != "highlight":
                self._change("annotations", note.id, None)
                return None
            kind = note_kind or note.note_kind
            if (words, kind) != (note.text, note.note_kind):
                self._update(note.id, text=words, note_kind=kind_column(kind))
            return self.mark(note.id)

    def set_kind(self, annotation_id: str, note_kind: NoteKind) -> Annotation:
        """Let a note or a highlight be of a kind; raises UnknownReference if it is gone, or a bookmark."""
        with self._writing():
            mark = self.mark(annotation_id)
            if mark.kind == "bookmark":
                raise UnknownReference(f"{mark.id}: is a bookmark; notes and highlights have kinds.")
            if mark.note_kind != note_kind:
                self._update(mark.id, note_kind=kind_column(note_kind))
            return self.mark(mark.id)

    def remove(self, annotation_id: str) -> None:
        """Remove an annotation; raises UnknownReference if it is not there."""
        with self._writing():
            self._change("annotations", self.mark(annotation_id).id, None)

    def attach(
        self, annotation_id: str, post_id: str, comment_id: str | None, quote: TextQuote
    ) -> Annotation:
        """Let a mark stand on these words from now on; its own words stay as they are.

        Raises UnknownReference if it is not there, or is a bookmark and the comment has another one.
        """
        with self._writing():
            mark = self.mark(annotation_id)
            there = self._bookmark_on(post_id, comment_id) if mark.kind == "bookmark" else None
            if there and there.id != mark.id:
                raise UnknownReference(f"{there.id}: there is a bookmark on that comment already.")
            row = self._row("annotations", annotation_id) or {}
            words = dict(zip(("exact", "prefix", "suffix"), quote[:3], strict=True))
            copied = dict(zip(("copy", "start", "parent"), self._copied(quote.copy), strict=True))
            target = {"post_id": post_id, "comment_id": comment_id, "updated": stamp(self._now())}
            self._change("annotations", annotation_id, row | target | words | copied)
            return self.mark(annotation_id)

    def detach(self, annotation_id: str) -> Annotation:
        """Take a mark off what it stands on: an orphan from then on, with its words and their copy.

        Raises UnknownReference if it is not there.
        """
        with self._writing():
            mark = self.mark(annotation_id)
            if not mark.is_detached:
                self._update(mark.id, comment_id=f"{DETACHED}{mark.id}")
            return self.mark(mark.id)

    def keep_copies(self, copies: Mapping[str, Copy]) -> None:
        """Let marks, by id, have these copies of what they stand on: no step to undo."""
        with self._writing():
            for annotation_id, copy in copies.items():
                if row := self._row("annotations", annotation_id):
                    copied = dict(zip(("copy", "start", "parent"), self._copied(copy), strict=True))
                    self._keep("annotations", annotation_id, row | copied)

    def _bookmark_on(self, post_id: str, comment_id: str | None) -> Annotation | None:
        rows = self._rows(
            f"SELECT {WITH_COPY} FROM annotations"
            " WHERE kind = 'bookmark' AND post_id = ? AND comment_id IS ?",
            (post_id, comment_id),
        )
        return annotation(rows[0]) if rows else None

    def _make(
        self,
        kind: MarkKind,
        post_id: str,
        comment_id: str | None,
        text: str,
        quote: TextQuote,
        colour: Colour | None = None,
        note_kind: NoteKind = "comment",
    ) -> Annotation:
        moment = stamp(self._now())
        own, copied = self._new_id(), self._copied(quote.copy)
        looks = colour or "", kind_column(note_kind)
        values = (own, kind, post_id, comment_id, text, *quote[:3], moment, moment, *looks, *copied)
        self._change("annotations", own, dict(zip(ANNOTATION.split(", "), values, strict=True)))
        return annotation((*values, quote.copy and quote.copy.text))

    def _copied(self, copy: Copy | None) -> tuple[str, int | None, str | None]:
        """Keep the text of a copy, once however many marks are on it; gives what its marks keep of it."""
        if copy is None:
            return "", None, None
        name = digest(copy.text)
        if not self._rows("SELECT 1 FROM copies WHERE digest = ?", (name,)):
            self._keep("copies", name, {"digest": name, "text": copy.text})
        return name, copy.start, copy.parent_id

    def _row_of(self, mark: Annotation) -> dict[str, Any]:
        """The row of an annotation."""
        quoted, times = map(words_of, mark.quote[:3]), (stamp(mark.created), stamp(mark.updated))
        about = (mark.id, mark.kind, mark.post_id, mark.comment_id, note_text(mark.text))
        looks = mark.colour or "", kind_column(mark.note_kind)
        values = (*about, *quoted, *times, *looks, *self._copied(mark.quote.copy))
        return dict(zip(ANNOTATION.split(", "), values, strict=True))

    def _update(self, annotation_id: str, **columns: str) -> None:
        row = self._row("annotations", annotation_id) or {}
        self._change("annotations", annotation_id, row | columns | {"updated": stamp(self._now())})
