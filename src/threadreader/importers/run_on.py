"""The run-on layout: a page's paragraphs one a line, each footer after the FIRST paragraph of its comment.

This is what trafilatura makes of a Blogger page. The footer stands at the end of that paragraph's line (up
to version 1.8.0), glued to the next paragraph (1.8.1 to 2.1.0) or on a line of its own (from 2.2.0). Taken
apart, the three are one sequence of paragraphs and footers: the paragraph before a footer begins a comment,
all others continue what was begun before them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from threadreader.importers import prose
from threadreader.importers.footers import Footers, detected
from threadreader.model import Draft, DraftComment, ThreadWarning

_PUNCTUATION = ",.;:!?"
_FIRST_WORD = re.compile(r"\S{1,60}")
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
    GLUED = "glued to the next paragraph"
    ALONE = "on a line of its own"


@dataclass(frozen=True, slots=True)
class Footer:
    """The end of a comment's first paragraph."""

    of_reply: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line without its footer."""

    text: str
    doubtful: bool = False  # begins like a footer, and was taken for words


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
                self.warnings.append(_ambiguous(paragraph.text))


def identify(text: str) -> int:
    """The number of footers in `text`."""
    lines = _lines(text)
    footers = detected(text)
    if footers is None:
        return 0
    return sum(isinstance(part, Footer) for part in parts(lines, footers))


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
        warnings=(*_UNTOLD, *body.warnings, *lost),
    )
    return (draft,)


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.split("\n")) if line]


def place_of(lines: Sequence[str], footers: Footers) -> Place:
    """Where the footers of a document of these `lines` stand.

    One comment's footer with words at it proves it; of replies' most must: a word may look like theirs.
    """
    worded = [line for line in lines if footers.of(line) is None]
    for label, alone in ((footers.comment, 0), (footers.reply, lines.count(footers.reply))):
        glued = sum(_is_glued(line, label, footers) for line in worded)
        ended = sum(_ends(line, label) for line in worded)
        if max(glued, ended) > alone:
            return Place.GLUED if glued >= ended else Place.AT_END
        if lines.count(footers.comment) > 1:  # the last one has no words at it in any document
            break
    return Place.ALONE


def parts(lines: Sequence[str], footers: Footers) -> Iterator[Footer | Paragraph]:
    """Paragraphs and footers of a document of these `lines`, in order, whatever the footers' place."""
    place = place_of(lines, footers)
    for line in lines:
        whole = footers.of(line)
        if whole:
            yield Footer(of_reply=whole == footers.reply)
        elif place is Place.GLUED:
            yield from _glued_parts(line, footers)
        elif place is Place.AT_END:
            yield from _ended_parts(line, footers)
        else:
            yield Paragraph(line)


def _glued_parts(line: str, footers: Footers) -> Iterator[Footer | Paragraph]:
    for label in (footers.comment, footers.reply):
        if _is_glued(line, label, footers):
            rest = line[len(label) :]
            yield Footer(of_reply=label == footers.reply)
            yield Paragraph(rest, doubtful=_begins_as_any(rest, footers))
            return
    yield Paragraph(line, doubtful=_begins_as_any(line, footers))


def _ended_parts(line: str, footers: Footers) -> Iterator[Footer | Paragraph]:
    for label in (footers.comment, footers.reply):
        if _ends(line, label):
            yield Paragraph(line[: -len(label)])
            yield Footer(of_reply=label == footers.reply)
            return
    yield Paragraph(line)


def _is_glued(line: str, label: str, footers: Footers) -> bool:
    """Whether `line` begins with the footer `label`, not with a word like it."""
    return _begins(line, label) and not _is_word(line, label, footers)


def _begins(line: str, label: str) -> bool:
    """Whether `line` begins with `label` and no blank follows: a blank never follows a footer."""
    return line.startswith(label) and not line[len(label) : len(label) + 1].isspace()


def _begins_as_any(line: str, footers: Footers) -> bool:
    return _begins(line, footers.comment) or _begins(line, footers.reply)


def _ends(line: str, label: str) -> bool:
    return line.endswith(label) and not line[-len(label) - 1].isspace()


def _is_word(line: str, label: str, footers: Footers) -> bool:
    """Whether `line`, which begins like a footer, begins with a word: `Deleted by …`, `Delete, then …`."""
    match = _FIRST_WORD.match(line)
    word = match.group() if match else ""
    if len(word) == len(label) + 1 and word[-1] in _PUNCTUATION:
        return True
    return word.rstrip(_PUNCTUATION) in footers.inflections


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


def _ambiguous(text: str) -> ThreadWarning:
    return ThreadWarning(
        "ambiguous-footer", f"“{text[:_QUOTED]}…” begins like a footer; it was read as words."
    )
