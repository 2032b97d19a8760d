"""What a thread is: posts, comments, sources, what the reader made of them, and hits. Frozen, no I/O.

A document goes through two shapes. An importer makes a `Draft`: what the document says, comments in reading
order, each pointing at its parent by position. `library` decides which post it is, and `thread_of` gives
every comment the id it keeps for life.

Values are named tuples, here and elsewhere: a frozen dataclass takes five times as long to define, which the
first screen waits for, and four times as long to make, of which a long thread needs a hundred thousand.
"""

import datetime as dt
import hashlib
import re
import unicodedata
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

Layout = Literal["outline", "run-on", "blogger-page", "blogger-backup"]
MarkKind = Literal["bookmark", "note", "highlight"]
# As the W3C Web Annotation Data Model names what marks are made for.
MOTIVATIONS: dict[MarkKind, str] = {
    "bookmark": "bookmarking",
    "note": "commenting",
    "highlight": "highlighting",
}
NoteKind = Literal["comment", "question", "claim", "quote"]  # a claim is to be checked, a quote to be used
NOTE_KINDS: tuple[NoteKind, ...] = ("comment", "question", "claim", "quote")
NOTE_NAMES: dict[NoteKind, str] = {
    "comment": "note",
    "question": "question",
    "claim": "claim to check",
    "quote": "quote to use",
}

DETACHED = "detached:"  # begins what stands for the comment of a mark that was taken off it by hand
# What the same model says of a note's body; it has no word for quoting.
PURPOSES: dict[NoteKind, str] = {
    "comment": "commenting",
    "question": "questioning",
    "claim": "assessing",
    "quote": "urn:threadreader:quoting",
}
News = Literal["new", "changed"]  # what a newer copy of a post brought of a comment
MendingKind = Literal["re-hang", "split", "join"]
MarkState = Literal["exact", "moved", "changed", "ask", "orphan"]
Colour = Literal["yellow", "green", "blue", "red"]
COLOURS: tuple[Colour, ...] = ("yellow", "green", "blue", "red")

# C0 and C1 controls move cursors and start escape sequences; the embeddings, overrides and isolates reorder
# what stands around them; U+2028 and U+2029 break lines where a terminal and a line count disagree.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufff9-\ufffb]"
)
_C0_PICTURES = 0x2400


def _picture(match: re.Match[str]) -> str:
    char = match.group()
    if char in "\u2028\u2029\x85\x0b\x0c":
        return "\n"
    if char < "\x20":
        return chr(_C0_PICTURES + ord(char))
    return "␡" if char == "\x7f" else "" if char >= "\u2000" else "\ufffd"


def harmless(text: str) -> str:
    """`text` in NFC with nothing in it that a terminal obeys.

    A control character becomes its picture (`␛`), bidirectional overrides vanish, every kind of line end
    becomes `\\n`. Tabs stay: what draws them decides how wide they are.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub(_picture, text))


_RULE_MARKS = "-–—_*~=•·"
_LONGEST_RULE = 80  # characters


def is_rule(line: str) -> bool:
    """Whether `line` is a section rule: `--oo00oo--`, `* * *`, `-----`."""
    marks = "".join(line.split()) if len(line) <= _LONGEST_RULE else ""
    only_marks = not marks.strip(_RULE_MARKS + "oO0xX.")
    return only_marks and len(marks) >= 3 and marks[0] in _RULE_MARKS and marks[-1] in _RULE_MARKS


def digest(*parts: str) -> str:
    """Sixteen hexadecimal digits that stand for `parts`: SHA-256, cut, parts kept apart."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def collapsed(text: str) -> str:
    """`text` with every run of white space as one blank: what identity and comparison look at."""
    return " ".join(text.split())


# Of a page, emphasis and the addresses of its links are kept in these signs; no text of it has them.
KEPT_OF_PAGES = re.compile(r" \((?:https?://|mailto:)\S*\)|\*+")


def bare(text: str) -> str:
    """`text` as every layout of a page has it: white space collapsed, without `KEPT_OF_PAGES`."""
    if "*" in text or " (http" in text or " (mailto:" in text:
        return collapsed(KEPT_OF_PAGES.sub("", text)) or collapsed(text)
    return collapsed(text)


def tag_of(words: str) -> str:
    """What a person typed as a tag: no `#` before it, white space and commas, which part tags, a dash."""
    return "-".join(words.replace(",", " ").split()).lstrip("#").strip("-")


def next_kind(kind: NoteKind) -> NoteKind:
    """The kind after another one, round the end."""
    return NOTE_KINDS[(NOTE_KINDS.index(kind) + 1) % len(NOTE_KINDS)]


def note_kind_of(name: object) -> NoteKind:
    """The kind of that name; a comment for what is none."""
    return next((kind for kind in NOTE_KINDS if kind == name), "comment")


class ThreadWarning(NamedTuple):
    """A doubt about what was read, said on the post or comment that it concerns."""

    code: str  # short and stable, for scripts: "count-differs"
    message: str  # one sentence for a person


class DraftComment(NamedTuple):
    """A comment as its document tells it."""

    text: str  # NFC, "\n" line ends, a blank line between paragraphs
    parent: int | None = None  # position of the parent in the draft, always before its own; None on the post
    author: str | None = None
    signed: str | None = None  # a name at the end of the text: offered, never verified
    created: dt.datetime | None = None  # UTC
    source_id: str | None = None  # the id the source itself gives
    permalink: str | None = None
    warnings: tuple[ThreadWarning, ...] = ()


class Draft(NamedTuple):
    """A thread as its document tells it, before it has ids."""

    layout: Layout
    title: str
    body: str  # in the form of a comment's text
    comments: tuple[DraftComment, ...]  # in reading order: each parent before its replies
    title_derived: bool = False
    date: dt.date | None = None
    author: str | None = None
    url: str | None = None
    source_id: str | None = None
    declared_comments: int | None = None  # what the document's own count line says
    encoding: str = "utf-8"
    warnings: tuple[ThreadWarning, ...] = ()


class Source(NamedTuple):
    """One document that was added: where it lay, and its bytes' name in `sources/`."""

    digest: str  # SHA-256 of the bytes, hexadecimal
    path: str  # absolute, where the reader keeps it
    added: dt.datetime  # UTC


class Post(NamedTuple):
    """The head of a thread, without its text."""

    id: str
    title: str
    title_derived: bool
    date: dt.date | None
    author: str | None
    url: str | None
    source: str  # path of the newest document it was read from
    layout: Layout
    comments: int
    declared_comments: int | None
    encoding: str = "utf-8"
    source_gone: bool = False
    warnings: tuple[ThreadWarning, ...] = ()
    mended: str = ""  # the digest of the mendings that were followed; empty where there are none


class ListedPost(NamedTuple):
    """A post as the list shows it: with what the reader made of it."""

    post: Post
    title: str  # the reader's own name for it, else the post's title
    unread: int
    bookmarks: int
    notes: int
    highlights: int = 0
    tags: tuple[str, ...] = ()  # on the post itself


class Comment(NamedTuple):
    """One contribution to a thread."""

    id: str  # unique in the library, the same at every import
    parent_id: str | None  # None for a comment on the post
    place: str  # "4.2": second reply to the fourth comment
    depth: int  # 0 for a comment on the post
    text: str  # NFC, "\n" line ends, a blank line between paragraphs
    author: str | None = None
    signed: str | None = None
    created: dt.datetime | None = None  # UTC
    permalink: str | None = None
    warnings: tuple[ThreadWarning, ...] = ()
    mended: str = ""  # how it differs from its document by the reader's hand, one clause

    @property
    def byline(self) -> str:
        """Who speaks, as far as the source tells: the author, `signed …`, or `Anonymous`."""
        return self.author or (f"signed {self.signed}" if self.signed else "Anonymous")


@dataclass(frozen=True)
class Thread:
    """A post with its comments in reading order: depth-first, each parent before its replies."""

    post: Post
    body: str
    comments: tuple[Comment, ...]

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Comment id -> position in reading order."""
        return {comment.id: at for at, comment in enumerate(self.comments)}

    @cached_property
    def parents(self) -> Sequence[int]:
        """For each comment the position of its parent, -1 for a comment on the post."""
        parents = array("i")
        last = [-1]  # the post, then at each depth the comment that stood there last
        for at, comment in enumerate(self.comments):
            depth = comment.depth
            parents.append(last[depth])
            last[depth + 1 :] = (at,)
        return parents

    @cached_property
    def ends(self) -> Sequence[int]:
        """For each comment the position after its last descendant: its subtree is `range(at, ends[at])`."""
        size = len(self.comments)
        ends = array("i", [size]) * size
        open_: list[int] = []
        for at, comment in enumerate(self.comments):
            while len(open_) > comment.depth:
                ends[open_.pop()] = at
            open_.append(at)
        return ends

    @cached_property
    def reply_counts(self) -> Sequence[int]:
        """For each comment the number of its direct replies."""
        counts = [0] * len(self.comments)
        for parent in self.parents:
            if parent >= 0:
                counts[parent] += 1
        return counts

    def ancestors(self, position: int) -> list[int]:
        """Positions from the comment on the post down to the parent of the one at `position`."""
        chain = []
        parent = self.parents[position]
        while parent >= 0:
            chain.append(parent)
            parent = self.parents[parent]
        return chain[::-1]


class Copy(NamedTuple):
    """The whole text that a mark was made on, as it was then, and where that stood."""

    text: str
    start: int | None = None  # of the quoted words in it, in characters; None for the whole text
    parent_id: str | None = None  # of the comment; "" on the post, None where nobody has noted it yet


class TextQuote(NamedTuple):
    """Words of a text, as the W3C Web Annotation Data Model selects them, and a copy of that text."""

    exact: str
    prefix: str = ""  # up to 32 characters before
    suffix: str = ""  # up to 32 characters after
    copy: Copy | None = None  # None for marks of versions that kept none


class Annotation(NamedTuple):
    """Something the reader made: a bookmark, a note or a highlight on a comment or on a post."""

    id: str
    kind: MarkKind
    post_id: str
    comment_id: str | None  # None: on the post itself
    text: str  # the reader's words; empty for a bookmark, and for a highlight without a note
    quote: TextQuote  # the words it was made on, kept so that it never depends on the source
    created: dt.datetime  # UTC
    updated: dt.datetime  # UTC
    colour: Colour | None = None  # of a highlight
    note_kind: NoteKind = "comment"  # of a note, or of what is noted on a highlight

    @property
    def is_detached(self) -> bool:
        """Was it taken off its comment by hand, to stand on none?"""
        return self.comment_id is not None and self.comment_id.startswith(DETACHED)

    @property
    def noted_as(self) -> NoteKind | None:
        """The kind of its note; None where it has none. A passage may be a quote to use without a word."""
        is_noted = self.kind != "bookmark" and (self.text or self.note_kind != "comment")
        return self.note_kind if is_noted else None


class Mending(NamedTuple):
    """What the reader did by hand to a comment that was read wrongly. The source stays as it came."""

    id: str
    kind: MendingKind
    post_id: str
    comment_id: str
    other_id: str | None  # what it is hung under, None for the post; what is joined to it; None for a split
    # The words with which the second part of a split begins; else those with which the comment begins.
    quote: TextQuote
    created: dt.datetime  # UTC
    moved: str = ""  # JSON of what a join took from the comment that it ends


class Anchored(NamedTuple):
    """A mark, and where in its post it stands now."""

    mark: Annotation
    state: MarkState
    reason: str  # one clause for a person; empty where all is as it was
    comment_id: str | None = None  # None on the post itself, and where `state` is ask or orphan
    span: tuple[int, int] | None = None  # of a passage: start and end in the text that it stands in
    candidates: tuple[str, ...] = ()  # ids of the comments that could be meant, likeliest first

    @property
    def is_attached(self) -> bool:
        """Does it stand on a comment, or on the post?"""
        return self.state not in ("ask", "orphan")


class ListedMark(NamedTuple):
    """A mark as a list of all marks shows it: with where it stands now, and on whose words."""

    anchored: Anchored
    title: str  # of the post, as the reader names it
    place: str | None = None  # None on the post, or where the comment is gone
    by: str = ""  # who wrote the comment, or the post; empty where nobody knows
    tags: tuple[str, ...] = ()  # of its comment, or of the post
    order: tuple[int, int] = (0, 0)  # of its post among the posts, and where it stands in reading order
    is_of_tags: bool = False  # no mark, but what bears tags and no mark

    @property
    def mark(self) -> Annotation:
        """The mark itself."""
        return self.anchored.mark

    @property
    def kind(self) -> Literal[MarkKind, "tag"]:
        """What it is."""
        return "tag" if self.is_of_tags else self.mark.kind

    @property
    def is_lost(self) -> bool:
        """Is the comment that it was made on gone?"""
        return self.mark.comment_id is not None and self.place is None


class WordChange(NamedTuple):
    """A piece of a text and of its edited form, with the white space behind it."""

    kind: Literal["same", "gone", "new"]
    text: str


class Position(NamedTuple):
    """Where the reader is in a thread."""

    comment_id: str | None  # None: on the post itself
    line: int  # of the view, on which its first line stands; negative where that one is above the view


class Person(NamedTuple):
    """What the reader says of whoever writes, or signs, under a name."""

    name: str  # as the source has it
    label: str = ""  # the reader's own words, one line
    dimmed: bool = False  # what they wrote stands back, and can be read all the same


def folded_name(name: str) -> str:
    """A name as people are told apart by it."""
    return collapsed(name).casefold()


def person_of(comment: Comment, people: Mapping[str, Person]) -> Person | None:
    """What the reader says of the author of a comment, or else of its signature."""
    name = comment.author or comment.signed
    return people.get(folded_name(name)) if name and people else None


class Problem(NamedTuple):
    """Something in a library that is not consistent with the rest of it."""

    code: str  # short and stable, for scripts: "count-wrong"
    where: str  # the file, or the id of the post, comment or annotation
    message: str  # one sentence for a person


class Hit(NamedTuple):
    """One result of a search."""

    post_id: str
    comment_id: str | None  # None for a hit in the post's title or body
    score: float  # higher is better
    snippet: str  # the part of the text around the matched words, one line
    matched: tuple[str, ...]  # the matched words as they stand in the text, folded to lower case
    where: Literal["title", "body", "comment", "note"] = "comment"
    place: str | None = None
    parent_line: str | None = None  # first line of what the comment answers; None for a comment on the post
    alike: tuple[tuple[str, str], ...] = ()  # post and comment id of others that say nearly the same


class SavedSearch(NamedTuple):
    """A search that the reader gave a name."""

    name: str  # unlike every other one's
    words: str  # the query as it was typed
    scope: str = "everything"  # or "my notes", or "this thread": whichever is open
    exact: bool = False


class Destination(NamedTuple):
    """Something with a name that one may want to go to."""

    kind: Literal["post", "author", "tag", "bookmark"]
    name: str  # one line
    about: str  # what else there is to say
    post_id: str | None = None  # None: wherever there are comments of that author, or with that tag
    comment_id: str | None = None
    author: str = ""  # whose label `name` is


class Mistake(NamedTuple):
    """What of a query can't be understood."""

    start: int  # in characters of the query, from here to before `end`
    end: int
    told: str  # what was expected there


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a query: hits, best first, and what was done to the words."""

    hits: tuple[Hit, ...] = ()
    # typed word -> the words searched instead, nearest first; empty where every word was found as typed
    widened: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mistake: Mistake | None = None  # with one there are no hits


def thread_of(
    draft: Draft,
    post_id: str,
    *,
    source: str,
    source_gone: bool = False,
    aliases: Mapping[str, str] | None = None,
    copy: str = "",
) -> Thread:
    """The thread that `draft` tells, with ids and places.

    A comment's id is the source's own, else a digest of post id, collapsed text and the ordinal among equal
    texts of the post: no parent, author or time, for those differ between layouts of one post. `aliases`
    turns such an id into the one it was known by before an edit, unless that is another comment's; what
    holds in one `copy` of the post alone stands there as `in_copy` names it, and goes first.
    """
    ids = _comment_ids(draft, post_id, aliases or {}, copy)
    places, depths = placed([-1 if item.parent is None else item.parent for item in draft.comments])
    comments = [
        Comment(
            id=comment_id,
            parent_id=None if item.parent is None else ids[item.parent],
            place=place,
            depth=depth,
            text=item.text,
            author=item.author,
            signed=item.signed,
            created=item.created,
            permalink=item.permalink,
            warnings=item.warnings,
        )
        for comment_id, item, place, depth in zip(ids, draft.comments, places, depths, strict=True)
    ]
    post = Post(
        id=post_id,
        title=draft.title,
        title_derived=draft.title_derived,
        date=draft.date,
        author=draft.author,
        url=draft.url,
        source=source,
        layout=draft.layout,
        comments=len(comments),
        declared_comments=draft.declared_comments,
        encoding=draft.encoding,
        source_gone=source_gone,
        warnings=draft.warnings,
    )
    return Thread(post, draft.body, tuple(comments))


def placed(parents: Sequence[int]) -> tuple[list[str], list[int]]:
    """Place and depth of each comment; `parents` are positions, each before its own, -1 on the post."""
    places: list[str] = []
    depths: list[int] = []
    replies: dict[int, int] = {}
    for above in parents:
        replies[above] = nth = replies.get(above, 0) + 1
        places.append(str(nth) if above < 0 else f"{places[above]}.{nth}")
        depths.append(0 if above < 0 else depths[above] + 1)
    return places, depths


def in_copy(natural: str, copy: str) -> str:
    """What an alias of the id is named that holds in one copy of its post, that of the digest, alone."""
    return f"{natural}@{copy[:16]}"


def _comment_ids(draft: Draft, post_id: str, aliases: Mapping[str, str], copy: str) -> list[str]:
    """The ids of a draft's comments, all different."""
    natural = []
    equal: dict[str, int] = {}
    for item in draft.comments:
        words = collapsed(item.text)
        equal[words] = ordinal = equal.get(words, -1) + 1
        own = (item.source_id,) if item.source_id else (words, str(ordinal))
        natural.append(digest(post_id, *own))
    here = [aliases.get(in_copy(own_id, copy)) for own_id in natural] if copy else [None] * len(natural)
    taken = set(filter(None, here)).union(
        own_id for own_id, known in zip(natural, here, strict=True) if known is None
    )
    ids = []
    for own_id, known in zip(natural, here, strict=True):
        kept = known or aliases.get(own_id, own_id)
        ids.append(kept if known or kept not in taken else own_id)
        taken.add(ids[-1])
    return ids
