"""The outline layout: date, title, body, `7 comments:`, then numbered comments, indented by their depth.

This is a Blogger page as text browsers show it. A comment is a number, its text beside and under it, and a
footer on a line of its own; numbers begin anew in each list of replies. A list inside a comment's text has
numbers too, so a number opens a comment only after the count line, a footer or the line `Replies`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from threadreader.importers import prose
from threadreader.importers.footers import TOGGLES, Footers, detected
from threadreader.importers.head import CountLine, count_line, head
from threadreader.importers.lines import Line, Number, block, lines_of, next_full
from threadreader.model import Draft, ThreadWarning

_TOGGLE_WORDS = 3
_QUOTED = 40  # characters of a text that a warning quotes


def identify(text: str) -> int:
    """The number of footers in `text` with a comment right under them, and one for a count line that is true.

    A line that names comments and isn't true counts where nothing else does: some of them may be missing.
    """
    document = _taken_apart(text)
    seen, count = document.comments.footers_seen, document.count
    if count is None or not (seen or count.certain):
        return seen
    return max(1, seen + (count.declared == len(document.comments.comments)))


def read(text: str) -> tuple[Draft]:
    """The one thread in `text`."""
    document = _taken_apart(text)
    top = head(document.above)
    begun = document.comments.comments
    rest = block(document.below)
    draft = Draft(
        layout="outline",
        title=top.title,
        body="\n\n".join(part for part in (top.body, rest) if part),
        comments=tuple(prose.comment(item.text, item.parent) for item in begun),
        title_derived=top.title_derived,
        date=top.date,
        declared_comments=document.count.declared if document.count else None,
        warnings=(*top.warnings, *_count_warnings(document.count, len(begun)), *_rest_warnings(rest)),
    )
    return (draft,)


@dataclass(slots=True)
class _List:
    """A list of comments that the next number may continue."""

    number: Number
    comment: int  # position of its latest comment

    def continued_by(self, number: Number) -> bool:
        """Whether `number` stands where this list's numbers do and is next, right-aligned or not, or 1."""
        if number.start == self.number.start:
            return number.value in (self.number.value + 1, 1)
        # A 1 under the dot of `100.` is that comment's first reply.
        return number.dot == self.number.dot and number.value == self.number.value + 1


@dataclass(slots=True)
class _Comment:
    """A comment whose lines are being gathered."""

    parent: int | None
    first: str
    lines: list[Line] = field(default_factory=list)
    footer: Line | None = None

    @property
    def text(self) -> str:
        return block(self.lines, self.first, margin=self.footer.indent if self.footer else None)


@dataclass(slots=True)
class _Comments:
    """The comments of a document of these `lines`, gathered from top to bottom."""

    lines: Sequence[Line]
    footers: Footers | None
    comments: list[_Comment] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)  # open ones, outermost first
    footers_seen: int = 0

    def gather(self, at: int) -> int:
        """Take the comments that begin at line `at`; the position of the first line below them."""
        between = True  # a comment may begin here: none is open, or its footer was seen
        while at < len(self.lines):
            line = self.lines[at]
            number = line.number
            depth = self._depth(number)
            if number and depth is not None and (between or self._divides(depth)):
                self._begin(line, number, depth)
                between = False
            elif not between and self._is_footer(at):
                self._end(line)
                between = True
            elif between and line.text and not self._is_toggle(at):
                return at
            elif not between:
                self.comments[-1].lines.append(line)
            at += 1
        return at

    def _depth(self, number: Number | None) -> int | None:
        """The depth of the comment that a line with `number` can begin; None where it fits no list."""
        if number is None:
            return None
        for depth in reversed(range(len(self.lists))):
            if self.lists[depth].continued_by(number):
                return depth
        is_deeper = not self.lists or number.start > self.lists[-1].number.start
        return len(self.lists) if number.value == 1 and is_deeper else None

    def _divides(self, depth: int) -> bool:
        """Whether a number alone begins a comment: where the document has no footers, in an open list."""
        return self.footers is None and depth < len(self.lists)

    def _begin(self, line: Line, number: Number, depth: int) -> None:
        parent = self.lists[depth - 1].comment if depth else None
        del self.lists[depth:]
        self.lists.append(_List(number, len(self.comments)))
        self.comments.append(_Comment(parent, line.after_number))

    def _end(self, footer: Line) -> None:
        self.comments[-1].footer = footer
        self.footers_seen += 1

    def _is_footer(self, at: int) -> bool:
        """Whether the line ends a comment: it reads so, and a comment or the end of the list follows."""
        line = self.lines[at]
        if self.footers is None:
            return line.text in TOGGLES and self._opens(next_full(self.lines, at + 1))
        return self.footers.of(line.text) is not None and self._opens(self._after_toggles(at + 1))

    def _opens(self, at: int) -> bool:
        if at == len(self.lines):
            return True
        line = self.lines[at]
        return self._depth(line.number) is not None or line.indent < self.lists[0].number.start

    def _after_toggles(self, at: int) -> int:
        at = next_full(self.lines, at)
        while at < len(self.lines) and self._is_toggle(at):
            at = next_full(self.lines, at + 1)
        return at

    def _is_toggle(self, at: int) -> bool:
        """Whether the line, after a footer, is `Replies`, `Reply`, or in their place above a deeper list."""
        line = self.lines[at]
        if line.text in TOGGLES:
            return True
        follower = next_full(self.lines, at + 1)
        few_words = len(line.text) <= 40 and len(line.text.split()) <= _TOGGLE_WORDS
        return few_words and line.number is None and self._deepens(follower)

    def _deepens(self, at: int) -> bool:
        number = self.lines[at].number if at < len(self.lines) else None
        return number is not None and number.value == 1 and number.start > self.lists[-1].number.start


@dataclass(frozen=True, slots=True)
class _Document:
    """The parts of a document, from top to bottom."""

    above: Sequence[Line]
    count: CountLine | None
    comments: _Comments
    below: Sequence[Line]  # what follows the last comment


def _taken_apart(text: str) -> _Document:
    lines = lines_of(text)
    footers = detected(text)
    count = count_line(lines)
    comments = _Comments(lines, footers)
    if count is None:
        first = end = _first_comment(lines, footers)
    else:
        first, end = count.at, next_full(lines, count.at + 1)
    if count is None or count.declared:
        end = comments.gather(end)
    return _Document(lines[:first], count, comments, lines[end:])


def _first_comment(lines: Sequence[Line], footers: Footers | None) -> int:
    """Where comments begin without a count line: at the last indented number 1 above the first footer."""
    last_one = len(lines)
    for at, line in enumerate(lines):
        if footers and footers.of(line.text):
            return last_one
        if line.indent and line.number and line.number.value == 1:
            last_one = at
    return len(lines)


def _count_warnings(count: CountLine | None, read: int) -> Iterator[ThreadWarning]:
    if count is None:
        yield ThreadWarning("no-count-line", f"No line says how many comments there are; {read} were read.")
    elif count.declared != read:
        message = f"The count line says {count.declared}, {read} were read."
        yield ThreadWarning("count-differs", message)


def _rest_warnings(rest: str) -> Iterator[ThreadWarning]:
    if rest:
        first = rest.split("\n", 1)[0][:_QUOTED]
        message = f"Text after the comments was put at the end of the post: “{first}…”."
        yield ThreadWarning("text-after-comments", message)
