"""The tables of `annotations.db`, step by step as versions brought them. sqlite-utils takes the steps.

A step that was released never changes: a store of any version is brought here through all that it has not
taken. `tests/data` holds a copy of each released version.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from threadreader.model import digest

if TYPE_CHECKING:
    from sqlite_utils import Database


_FIRST_COLUMNS = "id kind post_id comment_id text exact prefix suffix created updated"


def _first_tables(db: "Database") -> None:
    db.table("annotations").create(
        dict.fromkeys(_FIRST_COLUMNS.split(), str),
        pk="id",
        not_null={"kind", "post_id", "text", "exact", "prefix", "suffix", "created", "updated"},
    )
    db.table("annotations").create_index(["post_id", "created"])
    db.table("drafts").create(
        {"post_id": str, "comment_id": str, "text": str, "updated": str, "note_id": str},
        not_null={"post_id", "text", "updated"},
    )
    db.table("reads").create(
        {"post_id": str, "comment_id": str, "gone": int}, pk=("post_id", "comment_id"), not_null={"gone"}
    )
    db.table("positions").create({"post_id": str, "comment_id": str, "line": int}, pk="post_id")
    db.table("folds").create({"post_id": str, "comment_ids": str}, pk="post_id")
    db.table("names").create({"post_id": str, "title": str}, pk="post_id")
    db.table("aliases").create({"natural": str, "kept": str}, pk="natural")
    db.table("state").create({"key": str, "value": str}, pk="key")
    db.table("changes").create(
        {"seq": int, "made": str, "subject": str, "key": str, "before": str, "after": str, "undone": int},
        pk="seq",
    )
    db.table("counts").create(
        {"post_id": str, "bookmarks": int, "notes": int, "read": int},
        pk="post_id",
        defaults={"bookmarks": 0, "notes": 0, "read": 0},
    )
    for index in _UNIQUE_TARGETS:
        db.execute(index)
    for trigger in _COUNTING:
        db.execute(trigger)


# A null is unlike any other null in an index: the post itself needs a name there.
_UNIQUE_TARGETS = (
    "CREATE UNIQUE INDEX one_bookmark ON annotations (post_id, ifnull(comment_id, ''))"
    " WHERE kind = 'bookmark'",
    "CREATE UNIQUE INDEX one_draft ON drafts (post_id, ifnull(comment_id, ''))",
)

_COUNTING = (
    """CREATE TRIGGER mark_made AFTER INSERT ON annotations BEGIN
    INSERT INTO counts (post_id, bookmarks, notes)
    VALUES (new.post_id, new.kind = 'bookmark', new.kind = 'note')
    ON CONFLICT DO UPDATE SET bookmarks = bookmarks + excluded.bookmarks,
    notes = notes + excluded.notes; END""",
    """CREATE TRIGGER mark_removed AFTER DELETE ON annotations BEGIN
    UPDATE counts SET bookmarks = bookmarks - (old.kind = 'bookmark'), notes = notes - (old.kind = 'note')
    WHERE post_id = old.post_id; END""",
    """CREATE TRIGGER comment_read AFTER INSERT ON reads WHEN NOT new.gone BEGIN
    INSERT INTO counts (post_id, read) VALUES (new.post_id, 1)
    ON CONFLICT DO UPDATE SET read = read + 1; END""",
    """CREATE TRIGGER comment_unread AFTER DELETE ON reads WHEN NOT old.gone BEGIN
    UPDATE counts SET read = read - 1 WHERE post_id = old.post_id; END""",
    """CREATE TRIGGER comment_set_aside AFTER UPDATE OF gone ON reads BEGIN
    UPDATE counts SET read = read + old.gone - new.gone WHERE post_id = old.post_id; END""",
)


def _highlights_and_tags(db: "Database") -> None:
    db.table("annotations").add_column("colour", str, not_null_default="")
    db.table("counts").add_column("highlights", int, not_null_default=0)
    db.table("tags").create(
        {"post_id": str, "comment_id": str, "folded": str, "tag": str}, not_null={"post_id", "folded", "tag"}
    )
    db.execute("CREATE UNIQUE INDEX one_tag ON tags (post_id, ifnull(comment_id, ''), folded)")
    for trigger in _COUNTING_HIGHLIGHTS:
        db.execute(trigger)


_COUNTING_HIGHLIGHTS = (
    """CREATE TRIGGER highlight_made AFTER INSERT ON annotations WHEN new.kind = 'highlight' BEGIN
    INSERT INTO counts (post_id, highlights) VALUES (new.post_id, 1)
    ON CONFLICT DO UPDATE SET highlights = highlights + 1; END""",
    """CREATE TRIGGER highlight_removed AFTER DELETE ON annotations WHEN old.kind = 'highlight' BEGIN
    UPDATE counts SET highlights = highlights - 1 WHERE post_id = old.post_id; END""",
)


def _saved_searches(db: "Database") -> None:
    db.table("searches").create(
        {"name": str, "words": str, "scope": str, "exact": int},
        pk="name",
        not_null={"words", "scope", "exact"},
    )


def _copies(db: "Database") -> None:
    """A copy of each text that marks were made on; those on whole comments quote it."""
    db.table("copies").create({"digest": str, "text": str}, pk="digest", not_null={"text"})
    annotations = db.table("annotations")
    annotations.add_column("copy", str, not_null_default="")
    annotations.add_column("start", int)
    annotations.add_column("parent", str)
    whole = "kind != 'highlight' AND comment_id IS NOT NULL AND prefix = '' AND suffix = ''"
    for key, text in db.execute(f"SELECT id, exact FROM annotations WHERE {whole}").fetchall():
        db.execute("INSERT OR IGNORE INTO copies (digest, text) VALUES (?, ?)", (digest(text), text))
        db.execute("UPDATE annotations SET copy = ? WHERE id = ?", (digest(text), key))


def _journal(db: "Database") -> None:
    # The line of the journal that tells of the change; empty where there was no journal yet.
    db.table("changes").add_column("line", str, not_null_default="")


def _kinds_people_and_mendings(db: "Database") -> None:
    db.table("annotations").add_column("note_kind", str, not_null_default="")
    db.table("people").create(
        {"folded": str, "name": str, "label": str, "dimmed": int},
        pk="folded",
        not_null={"name", "label", "dimmed"},
    )
    db.table("mendings").create(
        dict.fromkeys("id kind post_id comment_id other_id exact prefix suffix created moved".split(), str),
        pk="id",
        not_null={"kind", "post_id", "comment_id", "exact", "prefix", "suffix", "created", "moved"},
    )
    db.table("mendings").create_index(["post_id", "created"])


# Each brings a store from the version of its position to the next.
STEPS: tuple[Callable[["Database"], None], ...] = (
    _first_tables,
    _highlights_and_tags,
    _saved_searches,
    _copies,
    _journal,
    _kinds_people_and_mendings,
)
