"""The run-on layout: a page's paragraphs one a line, each footer after the FIRST paragraph of its comment.

This is what trafilatura makes of a Blogger page. The footer stands at the end of that paragraph's line (up
to version 1.8.0), glued to the next paragraph (1.8.1 to 2.1.0) or on a line of its own (from 2.2.0). Taken
apart, the three are one sequence of paragraphs and footers: the paragraph before a footer begins a comment,
all others continue what was begun before them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from threadreader.importers import prose
from threadreader.importers.footers import Footers, detected, opens_in_any_language
from threadreader.importers.head import count_differs, declared_by
from threadreader.importers.tags import is_markup
from threadreader.model import Draft, DraftComment, ThreadWarning

_FEWEST_SPACED = 2  # footers after a blank; a sentence may end in one
_QUOTED = 24  # characters of a text that a warning quotes

_ORPHAN = ThreadWarning("orphan-footer", "A footer stands where no first paragraph is left for it.")
_NO_COMMENT = ThreadWarning(
    "reply-without-comment", "A reply before any comment: shown as a comment on the post."
)
_UNTOLD = (
    ThreadWarning("title-derived", "The document has no title; this one is its first sentence."),
    ThreadWarning("no-date", "The document has no date."),
)


class Place(Enum):
    """Where a document's footers stand."""

    AT_END = "at the end of the first paragraph's line"
    AFTER_BLANK = "there too, a blank before them"
    GLUED = "glued to the next paragraph"
    ALONE = "on a line of its own"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line without its footer."""

    text: str
    doubtful: bool = False  # looks like a footer with words at it, and was taken for words


@dataclass(frozen=True, slots=True)
class Footer:
    """The end of a comment's first paragraph."""

    of_reply: bool
    doubt: str = ""  # the line, if it could also be words
    is_bare: bool = False  # no words stand on its line


@dataclass(slots=True)
class _Begun:
    """A comment, or the post's body, to which paragraphs are still added."""

    of_reply: bool = False
    paragraphs: list[str] = field(default_factory=list)
    warnings: list[ThreadWarning] = field(default_factory=list)

    def add(self, paragraphs: Iterable[Paragraph]) -> None:
        for paragraph in paragraphs:
            self.paragraphs.append(paragraph.text)
            if paragraph.doubtful:
                self.warnings.append(_ambiguous(paragraph.text, "words"))


def identify(text: str) -> int:
    """The number of footers in `text` that can't be words; 0 where no paragraph or no thread is left."""
    footers = None if is_markup(text) else detected(text)
    sequence = list(parts(_lines(text), footers)) if footers else []
    certain = [part for part in sequence if isinstance(part, Footer) and not part.doubt]
    has_words = any(isinstance(part, Paragraph) for part in sequence)
    return len(certain) if has_words and not _is_prose(sequence, certain) else 0


def _is_prose(sequence: Sequence[Footer | Paragraph], certain: Sequence[Footer]) -> bool:
    """Whether the only certain footer stands alone among words: a reply's, or a comment's under no post.

    `Delete` in a list of keys does, and the first example in a page about this layout.
    """
    if len(certain) != 1 or not certain[0].is_bare:
        return False
    at = sequence.index(certain[0])
    return certain[0].of_reply or (at < 2 and at + 1 < len(sequence))


def read(text: str) -> tuple[Draft]:
    """The one thread in `text`; its title is derived and its date unknown, for the layout has neither."""
    lines = _lines(text)
    footers = detected(text)
    body, *begun = _gathered(parts(lines, footers) if footers else map(Paragraph, lines))
    kept = [item for item in begun if item.paragraphs]
    lost = [warning for item in begun if not item.paragraphs for warning in item.warnings]
    comments = tuple(_threaded(kept))
    body_text = prose.joined(body.paragraphs)
    draft = Draft(
        layout="run-on",
        title=prose.derived_title(body_text or (comments[0].text if comments else "")),
        body=body_text,
        comments=comments,
        title_derived=True,
        warnings=(*_UNTOLD, *body.warnings, *lost, *_count_warnings(body.paragraphs, len(comments))),
    )
    return (draft,)


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.split("\n")) if line]


@dataclass(frozen=True, slots=True)
class _Setting:
    """Where a document's footers stand, and whether all of them agree on it."""

    place: Place
    agreed: bool = True


def _setting(lines: Sequence[str], footers: Footers) -> _Setting:
    """How a document of these `lines` sets its footers.

    One comment's footer with words at it proves the place. Replies' must be as many as there are footers
    alone on a line, for a word may look like theirs, and so must a comment's that may be words. The last line
    doesn't count: no words follow it anyway.
    """
    alone = [line for line in lines if footers.of(line)]
    ended = [label for line in lines if (label := footers.ending(line)) and footers.of(line) is None]
    opened = [line for line in lines if _is_opened(line, footers)]
    glued = [footers.opening(line) for line in opened if not footers.is_doubtful(line)]
    if footers.comment in (*glued, *ended):
        is_glued = glued.count(footers.comment) >= ended.count(footers.comment)
        return _Setting(Place.GLUED if is_glued else Place.AT_END)
    if not alone:
        spaced = sum(_ends_spaced(line, footers) for line in lines)
        if spaced >= max(_FEWEST_SPACED, len(glued), len(ended)):
            return _Setting(Place.AFTER_BLANK)
    likely = len(glued) + sum(footers.opening(line) == footers.comment for line in opened)
    inner = len(alone) - (footers.of(lines[-1]) is not None)
    if likely and likely >= inner:
        return _Setting(Place.GLUED, agreed=not inner)
    return _Setting(Place.AT_END if ended and not alone else Place.ALONE)


def _is_opened(line: str, footers: Footers) -> bool:
    """Whether `line` begins with a footer, words glued to it."""
    return footers.opening(line) is not None and footers.of(line) is None


def _ends_spaced(line: str, footers: Footers) -> bool:
    """Whether `line` ends in a comment's footer after a blank; a reply's would be a common word."""
    return footers.ending(line, spaced=True) == footers.comment


def parts(lines: Sequence[str], footers: Footers) -> Iterator[Footer | Paragraph]:
    """Paragraphs and footers of a document of these `lines`, in order, wherever the footers stand.

    What could also be words is no footer where none can stand: with no paragraph before it, or as a reply's
    before any comment's.
    """
    setting = _setting(lines, footers)
    last: Footer | Paragraph | None = None
    commented = False
    for line in lines:
        found = _parts_of(line, footers, setting)
        footer = next((part for part in found if isinstance(part, Footer)), None)
        if footer and footer.doubt:
            has_paragraph = isinstance(last, Paragraph) or footer is not found[0]
            if not has_paragraph or (footer.of_reply and not commented):
                footer, found = None, [Paragraph(line, doubtful=True)]
        commented = commented or (footer is not None and not footer.of_reply)
        last = found[-1]
        yield from found


def _parts_of(line: str, footers: Footers, setting: _Setting) -> list[Footer | Paragraph]:
    """`line` as the paragraph and the footer that stand on it."""
    whole = footers.of(line)
    if whole:
        return [Footer(whole == footers.reply, is_bare=True)]
    if setting.place is Place.GLUED:
        return _glued_parts(line, footers, sure=setting.agreed)
    if setting.place is Place.ALONE:
        return [Paragraph(line, doubtful=_looks_footed(line, footers))]
    return _ended_parts(line, footers, spaced=setting.place is Place.AFTER_BLANK)


def _glued_parts(line: str, footers: Footers, *, sure: bool) -> list[Footer | Paragraph]:
    label = footers.opening(line)
    if label is None:
        return [Paragraph(line, doubtful=_looks_footed(line, footers) or _begins_as_any(line, footers))]
    rest = line[len(label) :]
    is_sure = not footers.is_doubtful(line) and (sure or label == footers.comment)
    footer = Footer(label == footers.reply, doubt="" if is_sure else line)
    return [footer, Paragraph(rest, doubtful=_begins_as_any(rest, footers))]


def _ended_parts(line: str, footers: Footers, *, spaced: bool) -> list[Footer | Paragraph]:
    label = footers.ending(line, spaced=spaced)
    if label is None:
        return [Paragraph(line, doubtful=_looks_footed(line, footers))]
    words = line[: -len(label)].rstrip()
    # `I press Delete` may end a paragraph without a stop, but no comment's footer is a word.
    doubt = spaced and label == footers.reply and words[-1].isalnum()
    return [Paragraph(words), Footer(label == footers.reply, doubt=line if doubt else "")]


def _looks_footed(line: str, footers: Footers) -> bool:
    """Whether a footer seems to stand on `line` in another place than the document's, or another language."""
    if footers.ending(line) or _ends_spaced(line, footers):
        return True
    return _is_opened(line, footers) or opens_in_any_language(line)


def _begins_as_any(line: str, footers: Footers) -> bool:
    """Whether `line` begins like a footer, inflection or not."""
    label = footers.begun_by(line)
    return label is not None and not line[len(label) : len(label) + 1].isspace()


def _gathered(sequence: Iterable[Footer | Paragraph]) -> list[_Begun]:
    """The body, then each comment, with the paragraphs that are theirs."""
    begun = [_Begun()]
    waiting: list[Paragraph] = []  # since the last footer; the last of them may begin a comment
    for part in sequence:
        if isinstance(part, Paragraph):
            waiting.append(part)
            continue
        begun[-1].add(waiting[:-1])
        begun.append(_Begun(part.of_reply))
        if part.doubt:
            begun[-1].warnings.append(_ambiguous(part.doubt, "the footer"))
        if not waiting:
            begun[-1].warnings.append(_ORPHAN)
        begun[-1].add(waiting[-1:])
        waiting.clear()
    begun[-1].add(waiting)
    return begun


def _threaded(begun: Iterable[_Begun]) -> Iterator[DraftComment]:
    parent: int | None = None
    for at, item in enumerate(begun):
        warnings = item.warnings
        if not item.of_reply:
            parent = at
        elif parent is None:
            warnings = [*warnings, _NO_COMMENT]
        yield prose.comment(prose.joined(item.paragraphs), parent if item.of_reply else None, warnings)


def _ambiguous(line: str, taken: str) -> ThreadWarning:
    quoted = line if len(line) <= _QUOTED else line[:_QUOTED] + "…"
    return ThreadWarning(
        "ambiguous-footer", f"“{quoted}” may hold a footer or be only words; it was read as {taken}."
    )


def _count_warnings(body: Sequence[str], read: int) -> Iterator[ThreadWarning]:
    """A doubt where the body holds a line that counts comments: it may belong to an unknown layout."""
    declared = declared_by(body)
    if declared is not None and declared != read:
        yield count_differs(declared, read)
