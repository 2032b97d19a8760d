"""Marks as W3C Web Annotations in JSON-LD (www.w3.org/TR/annotation-model), out and in.

A mark is an Annotation whose target names the comment as `threadreader open` does, with a TextQuoteSelector;
its note is a body in Markdown, tags are bodies that tag. What other programs wrote is taken in as well: its
target is a post by its address, and the comment is the one in which the quoted words stand.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from threadreader.errors import ExportError
from threadreader.export.markdown import link_here, link_to
from threadreader.export.marks import Shelved
from threadreader.export.records import stamp
from threadreader.model import (
    COLOURS,
    MOTIVATIONS,
    NOTE_KINDS,
    PURPOSES,
    Annotation,
    Copy,
    NoteKind,
    TextQuote,
    digest,
    harmless,
    note_kind_of,
)

CONTEXT = "http://www.w3.org/ns/anno.jsonld"  # a name: nothing asks there
_ID = "urn:threadreader:"
_MENDED = "urn:threadreader:mended"  # how its comment differs from the document by the reader's hand
_COPY = "urn:threadreader:copy"  # of the whole text that a mark was made on
_SELECTED = ("exact", "prefix", "suffix")
_TAGS = "urn:threadreader:tags:"
_NOTE_KIND = "urn:threadreader:note_kind"  # of a mark without a note, which no body tells
_KINDS = {motivation: kind for kind, motivation in MOTIVATIONS.items()}
_NOTE_KINDS: dict[str, NoteKind] = {purpose: kind for kind, purpose in PURPOSES.items()}

TagsByTarget = Mapping[tuple[str, str | None], Sequence[str]]


class Taken(NamedTuple):
    """An annotation as a file tells it."""

    mark: Annotation | None  # None where it only tags; its target is empty where only `source` names it
    post_id: str
    comment_id: str | None
    tags: tuple[str, ...]
    source: str  # the address that it is on


def json_ld(shelved: Sequence[Shelved], tags: TagsByTarget = {}) -> str:  # noqa: B006
    """An AnnotationPage of these marks; `tags` are those on targets without any mark."""
    items = [_item(one) for one in shelved if not one.sign]
    items += [_tagging(target, words) for target, words in tags.items()]
    page = {"@context": CONTEXT, "type": "AnnotationPage", "items": items}
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def taken_from(text: str, where: str) -> list[Taken]:
    """The annotations in a page, a collection, a list of them, or one a line; raises ExportError."""
    try:
        return [_taken(item) for item in _items(text)]
    except json.JSONDecodeError as error:
        raise ExportError(f"{where}, line {error.lineno}: not JSON ({error.msg}).") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ExportError(f"{where}: not W3C Web Annotations: {_told(error)}.") from error


def _items(text: str) -> Iterator[dict[str, Any]]:
    try:
        read = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith("{") for line in lines[:2]):
            raise
        read = [json.loads(line) for line in lines]
    yield from _unfolded(read)


def _unfolded(read: Any) -> Iterator[dict[str, Any]]:
    """Annotations, out of whatever they are gathered in; `rows` is what Hypothesis calls a page."""
    if isinstance(read, list):
        for one in read:
            yield from _unfolded(one)
    elif not isinstance(read, dict):
        raise ValueError(f"{str(read)[:40]} stands where an annotation should")
    elif "target" in read:
        yield read
    else:
        gathered = next((read[key] for key in ("items", "first", "rows", "annotations") if key in read), None)
        if gathered is None:
            raise ValueError("an annotation without a target")
        yield from _unfolded(gathered)


def _item(shelved: Shelved) -> dict[str, Any]:
    mark, thread, _, tags, _ = shelved
    bodies: list[dict[str, Any]] = []
    if mark.text:
        purpose = PURPOSES[mark.note_kind]
        bodies.append(
            {"type": "TextualBody", "purpose": purpose, "format": "text/markdown", "value": mark.text}
        )
    bodies += [_tag(tag) for tag in tags]
    known = thread is not None and (mark.comment_id is None or mark.comment_id in thread.positions)
    here = link_here(mark.post_id, mark.comment_id)
    target: dict[str, Any] = {
        "id": here,
        "type": "SpecificResource",
        "source": link_to(thread, mark.comment_id) if thread and known else here,
        "selector": {"type": "TextQuoteSelector"} | dict(zip(_SELECTED, mark.quote, strict=False)),
    }
    if mark.quote.copy:
        target[_COPY] = mark.quote.copy._asdict()
    if thread and known and mark.comment_id:
        mended = thread.comments[thread.positions[mark.comment_id]].mended
        target |= {_MENDED: mended} if mended else {}
    if mark.colour:
        target["styleClass"] = mark.colour
    item = {
        "id": _ID + mark.id,
        "type": "Annotation",
        "motivation": MOTIVATIONS[mark.kind],
        "created": stamp(mark.created),
        "modified": stamp(mark.updated),
    }
    if mark.noted_as and not mark.text:
        item[_NOTE_KIND] = mark.note_kind
    return item | ({"body": bodies} if bodies else {}) | {"target": target}


def _tagging(target: tuple[str, str | None], tags: Sequence[str]) -> dict[str, Any]:
    here = link_here(*target)
    return {
        "id": _TAGS + here,
        "type": "Annotation",
        "motivation": "tagging",
        "body": [_tag(tag) for tag in tags],
        "target": {"id": here, "type": "SpecificResource", "source": here},
    }


def _tag(tag: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": "tagging", "value": tag}


def _taken(item: Mapping[str, Any]) -> Taken:
    targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
    target = {"source": targets[0]} if isinstance(targets[0], str) else targets[0]
    source = str(target.get("id") or "")
    if not source.startswith("threadreader://"):
        source = _source_of(target)
    post_id, _, comment_id = source.removeprefix("threadreader://").partition("#")
    is_ours = source.startswith("threadreader://")
    texts, tags, purposes = _bodies(item)
    motivation = item.get("motivation") or ("highlighting" if _quote(target).exact else "commenting")
    motivation = motivation[0] if isinstance(motivation, list) else motivation
    mark = None
    if motivation != "tagging":
        own_id = str(item.get("id") or "")
        created = _moment(item.get("created"))
        kind = "note" if motivation in _NOTE_KINDS else _KINDS.get(motivation, "highlight")
        kind = "highlight" if kind == "note" and not is_ours and _quote(target).exact else kind
        colour = target.get("styleClass")
        mark = Annotation(
            own_id.removeprefix(_ID) if own_id.startswith(_ID) else digest("annotation", own_id or str(item)),
            kind,
            post_id if is_ours else "",
            (comment_id or None) if is_ours else None,
            harmless("\n\n".join(texts)),
            _quote(target),
            created,
            _moment(item.get("modified") or item.get("updated")) if item.get("modified") else created,
            (colour if colour in COLOURS else COLOURS[0]) if kind == "highlight" else None,
            "comment" if kind == "bookmark" else _note_kind([*purposes, motivation], item.get(_NOTE_KIND)),
        )
    return Taken(mark, post_id if is_ours else "", (comment_id or None) if is_ours else None, tags, source)


def _note_kind(purposes: Sequence[str], told: object) -> NoteKind:
    """What a note is for, as the first of its bodies that says so has it; else its annotation."""
    if told in NOTE_KINDS:
        return note_kind_of(told)
    return note_kind_of(next((_NOTE_KINDS[one] for one in purposes if one in _NOTE_KINDS), None))


def _source_of(target: Mapping[str, Any]) -> str:
    source = target.get("source") or target.get("id") or ""
    return str(source.get("id", "")) if isinstance(source, dict) else str(source)


def _bodies(item: Mapping[str, Any]) -> tuple[list[str], tuple[str, ...], list[str]]:
    """Texts, tags, and what the texts are for as far as that is told."""
    given = item.get("body") or item.get("bodyValue") or []
    bodies = given if isinstance(given, list) else [given]
    texts, tags, purposes = [], list(item.get("tags") or ()), []
    for body in bodies:
        value = body if isinstance(body, str) else str(body.get("value") or "")
        purpose = None if isinstance(body, str) else body.get("purpose")
        if purpose == "tagging":
            tags.append(value)
        elif value.strip():
            texts.append(value)
            purposes += [purpose] if isinstance(purpose, str) else []
    texts += [item["text"]] if isinstance(item.get("text"), str) and item["text"] else []
    return texts, tuple(tags), purposes


def _quote(target: Mapping[str, Any]) -> TextQuote:
    given = target.get("selector") or []
    for selector in given if isinstance(given, list) else [given]:
        if selector.get("type") == "TextQuoteSelector":
            exact, prefix, suffix = (harmless(str(selector.get(part) or "")) for part in _SELECTED)
            return TextQuote(exact, prefix, suffix, _copy(target.get(_COPY)))
    return TextQuote("")


def _copy(given: object) -> Copy | None:
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        return None
    start, parent_id = given.get("start"), given.get("parent_id")
    return Copy(
        harmless(given["text"]),
        start if isinstance(start, int) else None,
        parent_id if isinstance(parent_id, str) else None,
    )


def _moment(given: object) -> dt.datetime:
    """A moment as annotations tell it; the beginning of time where they don't."""
    if not isinstance(given, str):
        return dt.datetime.fromtimestamp(0, dt.UTC)
    moment = dt.datetime.fromisoformat(re.sub(r"Z$", "+00:00", given.strip()))
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _told(error: Exception) -> str:
    return f"no {error} in it" if isinstance(error, KeyError) else str(error)
