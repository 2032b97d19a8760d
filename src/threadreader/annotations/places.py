"""What follows the reader: drafts, read marks, positions, folds, and what the program remembers."""

import json
from collections.abc import Iterable, Mapping

from threadreader.annotations.rows import NoteDraft, stamp, time_of, words_of
from threadreader.annotations.steps import Steps
from threadreader.model import Position


class Places(Steps):
    """What of the store says where the reader is and has been."""

    def drafts(self) -> list[NoteDraft]:
        """Every note that was begun and neither saved nor given up, oldest first."""
        rows = self._rows("SELECT post_id, comment_id, text, updated, note_id FROM drafts ORDER BY updated")
        return [NoteDraft(post, on, text, time_of(updated), note) for post, on, text, updated, note in rows]

    def draft(self, post_id: str, comment_id: str | None) -> NoteDraft | None:
        """The draft on one comment, or on the post."""
        on_target = (d for d in self.drafts() if (d.post_id, d.comment_id) == (post_id, comment_id))
        return next(on_target, None)

    def keep_draft(
        self, post_id: str, comment_id: str | None, text: str, *, note_id: str | None = None
    ) -> None:
        """Keep what is being written, in place of the target's earlier draft; a blank text keeps none."""
        kept = {"text": words_of(text), "updated": stamp(self._now()), "note_id": note_id}
        with self._writing():
            if text.strip():
                self._keep("drafts", post_id, {"comment_id": comment_id} | kept)
            else:
                self._drop_draft(post_id, comment_id)

    def drop_draft(self, post_id: str, comment_id: str | None) -> None:
        """Forget the draft on a target."""
        with self._writing():
            self._drop_draft(post_id, comment_id)

    def read(self, post_id: str) -> set[str]:
        """Ids of the comments that were read, of those that the post holds."""
        rows = self._rows("SELECT comment_id FROM reads WHERE post_id = ? AND NOT gone", (post_id,))
        return {comment_id for (comment_id,) in rows}

    def all_read(self) -> set[str]:
        """Ids of the comments that were read in any post."""
        return {comment_id for (comment_id,) in self._rows("SELECT comment_id FROM reads WHERE NOT gone")}

    def mark_read(self, post_id: str, comment_ids: Iterable[str]) -> None:
        """Comments as read, because they stood on the screen: no step to undo."""
        with self._writing_behind():
            self._mark(post_id, comment_ids, read=True)

    def set_read(self, post_id: str, comment_ids: Iterable[str], *, read: bool) -> int:
        """Mark comments read, or unread, at the reader's word: one step to undo. Gives how many changed."""
        with self._writing():
            there = self.read(post_id)
            ids = [comment_id for comment_id in comment_ids if (comment_id in there) != read]
            if ids:
                self._change("reads", post_id, {"ids": ids, "read": read})
            return len(ids)

    def retain(self, post_id: str, comment_ids: Iterable[str]) -> None:
        """Set aside the read marks of comments that an updated post lost, and take back those it has again.

        `comment_ids` are all that the post holds now. A mark set aside is not counted and never deleted.
        """
        with self._writing() as connection:
            connection.execute(
                "WITH held AS MATERIALIZED (SELECT value FROM json_each(?2))"
                " UPDATE reads SET gone = NOT gone"
                " WHERE post_id = ?1 AND gone = (comment_id IN (SELECT value FROM held))",
                (post_id, json.dumps(list(comment_ids))),
            )

    def position(self, post_id: str) -> Position | None:
        """Where the reader stopped in a post."""
        rows = self._rows("SELECT comment_id, line FROM positions WHERE post_id = ?", (post_id,))
        return Position(*rows[0]) if rows else None

    def positions(self) -> dict[str, Position]:
        """Where the reader stopped, by post."""
        rows = self._rows("SELECT post_id, comment_id, line FROM positions")
        return {post_id: Position(comment_id, line) for post_id, comment_id, line in rows}

    def keep_position(self, post_id: str, position: Position) -> None:
        """Remember where the reader is in a post."""
        with self._writing_behind() as connection:
            connection.execute(
                "INSERT INTO positions (post_id, comment_id, line) VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
                " SET comment_id = excluded.comment_id, line = excluded.line",
                (post_id, position.comment_id, position.line),
            )

    def folds(self, post_id: str) -> frozenset[str]:
        """Ids of the comments that are folded in a post."""
        rows = self._rows("SELECT comment_ids FROM folds WHERE post_id = ?", (post_id,))
        return frozenset(json.loads(rows[0][0])) if rows else frozenset()

    def was_folded(self, post_id: str) -> bool:
        """Were folds of the post ever kept, be it that there are none?"""
        return bool(self._rows("SELECT 1 FROM folds WHERE post_id = ?", (post_id,)))

    def keep_folds(self, post_id: str, comment_ids: Iterable[str]) -> None:
        """Remember which comments are folded in a post: these and no others, in any order."""
        with self._writing_behind() as connection:
            connection.execute(
                "INSERT INTO folds (post_id, comment_ids) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET comment_ids = excluded.comment_ids",
                (post_id, json.dumps(list(comment_ids))),
            )

    def state(self, key: str, default: str = "") -> str:
        """A value that the reader's program remembers between its runs: the theme, the list's order."""
        rows = self._rows("SELECT value FROM state WHERE key = ?", (key,))
        return rows[0][0] if rows else default

    def keep_state(self, key: str, value: str) -> None:
        """Remember a value under `key`."""
        with self._writing_behind() as connection:
            connection.execute(
                "INSERT INTO state (key, value) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET value = excluded.value",
                (key, value),
            )

    def aliases(self) -> dict[str, str]:
        """Id that a post or comment would get by itself -> the id that it is known by."""
        return dict(self._rows("SELECT natural, kept FROM aliases"))

    def keep_aliases(self, aliases: Mapping[str, str]) -> None:
        """Know posts or comments by the ids they had: natural id -> kept id."""
        with self._writing():
            for natural, kept in aliases.items():
                self._keep("aliases", natural, {"natural": natural, "kept": kept})

    def _drop_draft(self, post_id: str, comment_id: str | None) -> None:
        if self._rows("SELECT 1 FROM drafts WHERE post_id = ? AND comment_id IS ?", (post_id, comment_id)):
            self._keep("drafts", post_id, {"comment_id": comment_id, "text": ""})
