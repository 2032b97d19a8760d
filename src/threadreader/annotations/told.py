"""Changes in words: what undoing one did, and what the history says of it."""

from collections.abc import Mapping
from typing import Any

from threadreader.annotations.rows import SEVERAL, Row
from threadreader.journal.state import Conflict
from threadreader.model import DETACHED, NOTE_NAMES, collapsed, note_kind_of

_LABEL_LENGTH = 40  # characters of a text that is quoted


def told(table: str, before: Row, after: Row) -> str:
    """What undoing or redoing did, in a line: `before` gave way to `after`."""
    row = after or before or {}
    if table == SEVERAL and before and after:
        rows = zip(reversed(before["rows"]), after["rows"], strict=True)
        each = [told(one_table, was, becomes) for (one_table, _, was), (_, _, becomes) in rows]
        return each[0] if len(each) == 1 else f"{each[0]}, and {len(each) - 1} more like it"
    if table == "searches":
        return f"search “{row['name']}” {'restored' if after else 'removed'}"
    if table == "reads":
        return f"{len(row['ids'])} {'read' if row['read'] else 'unread'} again"
    if table == "tags":
        put, taken = (" ".join(f"#{tag}" for tag in row[key]) for key in ("put", "taken"))
        return ", ".join([*([f"{put} put on"] if put else []), *([f"{taken} taken off"] if taken else [])])
    if table == "names":
        return f"name “{row['title']}” {'restored' if after else 'removed'}"
    if table == "people":
        return _of_person(before, after)
    if table == "mendings":
        return f"{_mending(row)}: {'done again' if after else 'taken back'}"
    if before and after and _is_detached(before) != _is_detached(after):
        return f"{_noun(row)} {_label(row)} {'detached' if _is_detached(after) else 'attached'} again"
    if _is_elsewhere(before, after):
        return f"{_noun(row)} {_label(row)} attached to the other comment again"
    return f"{_noun(row)} {_label(row)} {'restored' if after else 'removed'}"


def done(table: str, before: Row, after: Row) -> str:
    """What was done, in a line: as it was made, whether or not it was undone since."""
    row = after or before or {}
    match table:
        case "several" if before and after:
            if after.get("why"):
                return str(after["why"])
            rows = zip(reversed(before["rows"]), after["rows"], strict=True)
            each = [done(one_table, was, becomes) for (one_table, _, was), (_, _, becomes) in rows]
            return each[0] if len(each) == 1 else f"{each[0]}, and {len(each) - 1} more like it"
        case "reads":
            return f"{len(row['ids'])} marked {'read' if row['read'] else 'unread'}"
        case "tags":
            return told(table, before, after)
        case "names":
            return f"named “{row['title']}”" if after else f"name “{row['title']}” taken back"
        case "searches":
            return f"search “{row['name']}” {_change(before, after)}"
        case "people":
            return _of_person(before, after)
        case "mendings":
            return f"{_mending(row)}{'' if after else ', taken back'}"
        case "annotations":
            if before and after and _noun(before) != _noun(after):
                words = "" if before["text"] == after["text"] else f": {_label(after)}"
                return f"{_noun(before)} {_label(before)} is a {_noun(after)} now{words}"
            change = "attached elsewhere" if _is_elsewhere(before, after) else _change(before, after)
            if before and not _is_detached(before) and _is_detached(after):
                change = "detached"
            return f"{_noun(row)} {_label(row)} {change}"
    return f"{table} {_change(before, after)}"


def _is_elsewhere(before: Row, after: Row) -> bool:
    return bool(before and after and before["comment_id"] != after["comment_id"])


def _is_detached(row: Row) -> bool:
    return bool(row and (row["comment_id"] or "").startswith(DETACHED))


def targets(table: str, key: str, before: Row, after: Row) -> tuple[tuple[str, str | None], ...]:
    """The posts and comments that were changed, each once, in order; None for the post itself."""
    found: dict[tuple[str, str | None], None] = {}
    for row in (after or {}, before or {}):
        match table:
            case "several":
                for one_table, one_key, one in row.get("rows", ()):
                    found |= dict.fromkeys(targets(one_table, one_key, None, one))
            case "reads":
                found |= {(key, comment_id): None for comment_id in row.get("ids", ())}
            case "names":
                found[key, None] = None
            case "annotations" | "tags" | "mendings" if row and not _is_detached(row):
                found[row.get("post_id", key), row["comment_id"]] = None
    return tuple(found)


def conflicting(conflict: Conflict) -> str:
    """What two machines had changed without knowing of each other, in a line; empty where it is no words."""
    match conflict.register[0]:
        case "annotations":
            return (
                f"{_noun(conflict.kept)} {_label(conflict.kept)} and {_label(conflict.other)}, both are kept"
            )
        case "names":
            return f"name “{conflict.kept['title']}”, put together from both"
        case "searches":
            return f"search “{conflict.kept['name']}”, the other is kept as “{conflict.other_key}”"
        case "people":
            return f"label of {conflict.kept['name']}, put together from both"
    return ""


def _of_person(before: Row, after: Row) -> str:
    """What is otherwise with a person now."""
    row = after or before or {}
    was, now = before or {}, after or {}
    told = []
    if was.get("label", "") != now.get("label", ""):
        told.append(f"labelled “{now['label']}”" if now.get("label") else f"without “{was['label']}”")
    if bool(was.get("dimmed")) != bool(now.get("dimmed")):
        told.append("dimmed" if now.get("dimmed") else "dimmed no more")
    return f"{row.get('name', '')} {' and '.join(told) or 'as before'}"


def _mending(row: Mapping[str, Any]) -> str:
    """What was done to a comment that was read wrongly."""
    words = _label({"text": "", "exact": row["exact"]})
    match row["kind"]:
        case "re-hang":
            return f"comment {words} hung {'elsewhere' if row['other_id'] else 'on the post'}"
        case "split":
            return f"comment split before {words}"
        case "join":
            return f"comment {words} joined with the next"
    return f"mending of {words}"


def _change(before: Row, after: Row) -> str:
    return "changed" if before and after else "made" if after else "removed"


def _noun(row: Mapping[str, Any]) -> str:
    """What a mark is, by the kind of its note if that is more than a comment."""
    if row["kind"] == "bookmark":
        return "bookmark on"
    kind = note_kind_of(row.get("note_kind"))
    return str(row["kind"]) if kind == "comment" else NOTE_NAMES[kind]


def _label(row: Mapping[str, Any]) -> str:
    label = collapsed(row["text"] or row["exact"])
    if len(label) > _LABEL_LENGTH:
        label = label[: _LABEL_LENGTH - 1].rstrip() + "…"
    return f"“{label}”"
