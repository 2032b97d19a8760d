"""Changes as they are gathered into one step, recorded to be undone, and followed from a journal's line."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from threadreader.annotations.rows import SEVERAL, UNDOABLE, Row, Rows
from threadreader.journal import Change, Part

KEPT_CHANGES = 1_000  # how far back undo reaches
NO_STEPS = frozenset({"drafts", "aliases", "copies"})  # what is in the journal, but is never undone

Recorded = tuple[str, str, Any, Any]  # table, key, before, after


class Told(NamedTuple):
    """What a step that is recorded says besides its rows."""

    why: str = ""
    knows: Mapping[str, int] = {}  # of a merge: the clocks that are known by it
    knew: Mapping[str, int] = {}  # and those of the same stores before


NOTHING_TOLD = Told()


class Changes(Rows):
    """What is changed, gathered until the transaction ends: then it is one step."""

    _parts: list[Part]
    _gathered: list[Recorded]
    _told: Told

    def _change(self, table: str, key: str, after: Row, *, by: str = "", origin: str = "") -> None:
        """Replace a row, None standing for no row, as part of a step; see `NO_STEPS` for what is in none."""
        before = self._before(table, key, after) if table not in NO_STEPS else None
        self._keep(table, key, after, by=by, origin=origin)
        if table not in NO_STEPS:
            self._gathered.append((table, key, before, self._parts[-1].now))

    def _keep(self, table: str, key: str, after: Row, *, by: str = "", origin: str = "") -> None:
        """Replace a row, which is no step to undo, but stands in the journal."""
        self._put(table, key, after)
        if after is not None and table in UNDOABLE:
            after = self._row(table, key)  # with what its columns hold by default
        self._parts.append(Part(table, key, after, by, origin))

    def _record(self, made: str, line: str, gathered: Iterable[Recorded], told: Told = NOTHING_TOLD) -> None:
        """Keep what undoes a step, of which the journal tells in the change `line`."""
        rows = list(gathered)
        if not rows:
            return
        table, key, before, after = rows[0]
        if len(rows) > 1 or told != NOTHING_TOLD:
            more = {"why": told.why} if told.why else {}
            table, key = SEVERAL, ""
            before = {"rows": [row[:3] for row in reversed(rows)], "knew": told.knew} | more
            after = {"rows": [(*row[:2], row[3]) for row in rows], "knows": told.knows} | more
        self._connection.execute("DELETE FROM changes WHERE undone")
        self._connection.execute(
            "INSERT INTO changes (made, subject, key, before, after, undone, line)"
            " VALUES (?, ?, ?, ?, ?, 0, ?)",
            (made, table, key, json.dumps(before), json.dumps(after), line),
        )
        self._connection.execute(
            "DELETE FROM changes WHERE seq <= (SELECT max(seq) FROM changes) - ?", (KEPT_CHANGES,)
        )

    def _flip(self, line: str, *, undone: bool) -> None:
        """A step was taken back, or made again. One from before there was a journal goes by its number."""
        where, given = ("seq = ? AND line = ''", line[1:]) if line.startswith("#") else ("line = ?", line)
        self._connection.execute(f"UPDATE changes SET undone = ? WHERE {where}", (undone, given))

    def _follow(self, change: Change) -> None:
        """Do what a line of the journal says was done."""
        steps: list[Recorded] = []
        for about, key, now, *_, is_same in change.parts:
            if about not in NO_STEPS and not is_same:
                steps.append((about, key, self._before(about, key, now), now))
            self._put(about, key, now)
        if change.did in ("undone", "redone"):
            self._flip(change.of, undone=change.did == "undone")
        elif change.did != "kept":
            self._record(change.at, change.id, steps, Told(change.why, change.knows, change.knew))


def flattened(table: str, key: str, row: Any) -> list[tuple[str, str, Any]]:
    """The rows of which a step consists, in the order in which they are to be put."""
    return [tuple(one) for one in row["rows"]] if table == SEVERAL else [(table, key, row)]
