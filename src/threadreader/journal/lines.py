"""The lines of a journal: a change, its parts, and marks as Web Annotations (w3.org/TR/annotation-model)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, Self

from threadreader.model import MOTIVATIONS, PURPOSES

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_URN = "urn:threadreader:"
_KINDS: dict[str, str] = {motivation: kind for kind, motivation in MOTIVATIONS.items()}
_COMMENTING = PURPOSES["comment"]
_PURPOSES: dict[str, str] = dict(PURPOSES.items())
_NOTE_KINDS: dict[str, str] = {purpose: kind for kind, purpose in PURPOSES.items()}

Did = Literal["made", "undone", "redone", "merged", "kept"]
Value = Any  # what JSON can hold
Register = tuple[str, ...]  # table and key of the least thing that can change by itself


class Part(NamedTuple):
    """What a change makes of one row, or of tags or read marks of one comment or post."""

    about: str  # the table
    key: str
    now: Value  # None: it is gone
    by: str = ""  # the change that it came from, where that is another one
    origin: str = ""  # the key that it had there, if another one
    is_same: bool = False  # it was so already, and is only by another change

    def told(self) -> dict[str, Value]:
        """As in the file."""
        now = annotation_of(self.now) if self.about == "annotations" and self.now else self.now
        more = {"by": self.by, "origin": self.origin, "is_same": self.is_same}
        return {"about": self.about, "key": self.key, "now": now} | {k: v for k, v in more.items() if v}

    @classmethod
    def read(cls, told: Mapping[str, Value]) -> Self:
        """From the file; raises ValueError, KeyError or TypeError for what is none."""
        about, key, now = _text(told["about"]), _text(told["key"]), told["now"]
        if about == "annotations" and now is not None:
            now = row_of(now)
        by = _text(told.get("by", ""))
        if by:
            order_of(by)
        _see_shape(about, key, now)
        return cls(about, key, now, by, _text(told.get("origin", "")), bool(told.get("is_same")))


class Change(NamedTuple):
    """One line of the journal."""

    store: str
    clock: int
    at: str  # ISO 8601, as that machine's clock had it
    did: Did
    parts: tuple[Part, ...]
    of: str = ""  # the change that was taken back or made again
    knows: Mapping[str, int] = {}  # the clocks up to which others' changes are in here from now on
    knew: Mapping[str, int] = {}  # those before it; where a merge is taken back, it is as if it had not been
    why: str = ""  # one line for the history, where the parts don't tell it

    @property
    def id(self) -> str:
        """Unique among all machines."""
        return dot(self.store, self.clock)

    def told(self) -> dict[str, Value]:
        """As in the file."""
        line = {"id": self.id, "at": self.at, "store": self.store, "clock": self.clock, "did": self.did}
        more = {"of": self.of, "knows": self.knows, "knew": self.knew, "why": self.why}
        return line | {k: v for k, v in more.items() if v} | {"changes": [part.told() for part in self.parts]}

    @classmethod
    def read(cls, told: Mapping[str, Value]) -> Self:
        """From the file; raises ValueError, KeyError or TypeError for what is none."""
        parts = tuple(map(Part.read, told["changes"]))
        knows, knew = (clocks_of(told.get(name, {})) for name in ("knows", "knew"))
        did: Did = told["did"]
        if did not in ("made", "undone", "redone", "merged", "kept"):
            raise ValueError(did)
        of, why = _text(told.get("of", "")), _text(told.get("why", ""))
        return cls(
            _text(told["store"]), int(told["clock"]), _moment(told["at"]), did, parts, of, knows, knew, why
        )


def dot(store: str, clock: int) -> str:
    """The id of a change."""
    return f"{store}-{clock}"


def order_of(change_id: str) -> tuple[int, str]:
    """Later changes are greater, and every one that knew of another is later."""
    store, _, clock = change_id.rpartition("-")
    return int(clock), store


def annotation_of(row: Mapping[str, Value]) -> dict[str, Value]:
    """A mark as a Web Annotation; what its words lack is named by a URN with our column's name."""
    from urllib.parse import quote

    source = _URN + "post:" + quote(row["post_id"], safe="")
    if row["comment_id"] is not None:
        source += "#" + quote(row["comment_id"], safe="")
    selector = {"type": "TextQuoteSelector"} | {name: row[name] for name in ("exact", "prefix", "suffix")}
    annotation = {
        "@context": _CONTEXT,
        "id": f"{_URN}annotation:{quote(row['id'], safe='')}",
        "type": "Annotation",
        "motivation": MOTIVATIONS.get(row["kind"], _URN + row["kind"]),
        "created": row["created"],
        "modified": row["updated"],
        "target": {"source": source, "selector": selector},
    }
    in_words = _IN_WORDS
    if row["text"]:
        kind = row.get("note_kind") or "comment"
        body = {"type": "TextualBody", "value": row["text"], "format": "text/markdown"}
        annotation["body"] = body | {"purpose": _PURPOSES.get(kind, _URN + kind)}
        in_words |= {"note_kind"}
    own = {name: value for name, value in row.items() if name not in in_words and value is not None}
    return annotation | {_URN + name: value for name, value in own.items()}


_IN_WORDS = frozenset("id kind post_id comment_id text exact prefix suffix created updated".split())


def row_of(annotation: Mapping[str, Value]) -> dict[str, Value]:
    """The columns of a mark; raises ValueError, KeyError or TypeError for what is none."""
    from urllib.parse import unquote

    post, _, comment = annotation["target"]["source"].removeprefix(_URN + "post:").partition("#")
    motivation, selector = annotation["motivation"], annotation["target"]["selector"]
    row = {
        "id": unquote(annotation["id"].removeprefix(_URN + "annotation:")),
        "kind": _KINDS.get(motivation) or motivation.removeprefix(_URN),
        "post_id": unquote(post),
        "comment_id": unquote(comment) if comment else None,
        "text": annotation.get("body", {}).get("value", ""),
        "created": annotation["created"],
        "updated": annotation["modified"],
    }
    row |= {name: selector[name] for name in ("exact", "prefix", "suffix")}
    purpose = _text(annotation.get("body", {}).get("purpose", _COMMENTING))
    kind = _NOTE_KINDS.get(purpose) or purpose.removeprefix(_URN)
    row["note_kind"] = "" if kind == "comment" else kind  # as the column has it
    own = {name.removeprefix(_URN): value for name, value in annotation.items() if name.startswith(_URN)}
    return row | own


_SHAPES: dict[str, dict[str, type | tuple[type, ...]]] = {
    "annotations": dict.fromkeys(
        ("id", "kind", "post_id", "text", "exact", "prefix", "suffix", "note_kind"), str
    ),
    "names": {"post_id": str, "title": str},
    "searches": {"name": str, "words": str, "scope": str, "exact": int},
    "people": {"folded": str, "name": str, "label": str, "dimmed": int},
    "mendings": dict.fromkeys(
        ("id", "kind", "post_id", "comment_id", "exact", "prefix", "suffix", "created", "moved"), str
    ),
    "aliases": {"natural": str, "kept": str},
    "copies": {"digest": str, "text": str},
    "tags": {"comment_id": (str, type(None)), "put": list, "taken": list},
    "reads": {"ids": list, "read": bool},
    "drafts": {"comment_id": (str, type(None)), "text": str},
}

_KEYS = {
    "annotations": "id",
    "names": "post_id",
    "searches": "name",
    "people": "folded",
    "mendings": "id",
    "aliases": "natural",
    "copies": "digest",
}


def _see_shape(about: str, key: str, now: Value) -> None:
    """Raise KeyError, TypeError or ValueError where a value is not what its table holds."""
    if now is None and about not in ("tags", "reads", "drafts"):
        return
    if about in _KEYS and now[_KEYS[about]] != key:
        raise ValueError(key)
    for name, kind in _SHAPES.get(about, {}).items():
        if not isinstance(now[name], kind):
            raise TypeError(f"{about}: {name}")
    for name, value in now.items():
        if isinstance(value, list) and name in ("put", "taken", "ids"):
            list(map(_text, value))
        elif isinstance(value, (list, dict)):
            raise TypeError(f"{about}: {name}")
        elif name in ("created", "updated"):
            _moment(value)


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _moment(value: Value) -> str:
    moment = _text(value)
    if dt.datetime.fromisoformat(moment).tzinfo is None:
        raise ValueError(value)
    return moment


def clocks_of(value: Value) -> dict[str, int]:
    """Clocks by store; raises AttributeError or TypeError for what is none."""
    if not all(isinstance(clock, int) for clock in value.values()):
        raise TypeError(value)
    return dict(value)


def same(one: Value, other: Value) -> bool:
    """Are two values equal? What is empty may be left out of them."""
    return bool(_bare(one) == _bare(other))


def _bare(now: Value) -> Value:
    if isinstance(now, dict):
        return {name: value for name, value in now.items() if value not in ("", None)}
    return now


def registers(part: Part) -> Iterator[tuple[Register, Value]]:
    """What a part says of each least thing; a value of None: it is gone."""
    about, key, now = part.about, part.key, part.now
    match about:
        case "tags":
            target = (about, key, now["comment_id"] or "")
            yield from (((*target, tag.casefold()), None) for tag in now["taken"])
            yield from (((*target, tag.casefold()), tag) for tag in now["put"])
        case "reads":
            yield from (((about, key, comment_id), now["read"] or None) for comment_id in now["ids"])
        case "drafts":
            yield (about, key, now["comment_id"] or ""), now if now["text"] else None
        case _:
            yield (about, key), now
