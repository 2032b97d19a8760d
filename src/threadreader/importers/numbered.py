"""Numbered comments, told apart: where each begins, what it answers, and where it ends.

A number opens a comment only after the count line, a footer or the line `Replies`, where it is the next of
an open list, or 1. A footer counts only where such a number or the end follows. What is odd beyond that is
kept with a doubt on the comment concerned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from threadreader.importers.footers import TOGGLES, Footers
from threadreader.importers.lines import Line, Number, block, next_full
from threadreader.model import ThreadWarning

_TOGGLE_WORDS = 3
_TOGGLE_LENGTH = 40

_NO_FOOTER = ThreadWarning(
    "missing-footer", "Its footer is missing; the next number and the count line tell where it ends."
)
_LEVEL_DIFFERS = ThreadWarning(
    "level-differs", "Its indent and its footer disagree on whether it is a reply; the indent was followed."
)


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

    def resumed_by(self, number: Number) -> bool:
        """Whether `number` goes on here with others missing before it, or one column astray."""
        is_near = abs(number.start - self.number.start) <= 1 or number.dot == self.number.dot
        return is_near and number.value > self.number.value


@dataclass(slots=True)
class NumberedComment:
    """A comment whose lines are being gathered."""

    parent: int | None  # position of the comment that it answers
    opening: Line  # with its number
    first: str  # the text beside the number
    lines: list[Line] = field(default_factory=list)
    footer: Line | None = None
    warnings: list[ThreadWarning] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its lines, with the indent that all of them have taken off."""
        margin = self.footer.indent if self.footer else None
        return block(self.lines, self.first, margin=margin, left=self.opening.indent)

    def end(self, footer: Line, words: str) -> None:
        """End in `footer`, a line that begins with `words`; what folds a list just above it is no text."""
        self.footer = footer
        if words and footer is self.opening:
            self.first = words
        elif words:
            self.lines.append(Line(footer.indent, words))
        while self.lines and (not self.lines[-1].text or self.lines[-1].text in TOGGLES):
            self.lines.pop()


@dataclass(slots=True)
class NumberedComments:
    """The comments of a document of these `lines`, gathered from top to bottom."""

    lines: Sequence[Line]
    footers: Footers | None
    by_number: bool  # a number alone divides the comments of an open list
    comments: list[NumberedComment] = field(default_factory=list)
    footers_seen: int = 0
    _lists: list[_List] = field(default_factory=list)  # open ones, outermost first
    _levels_told: bool = False  # by footers: those of comments and of replies both occur
    _is_flat: bool = False  # no line is indented, so footers tell the levels

    def gather(self, at: int) -> int:
        """Take the comments that begin at line `at`; the position of the first line below them."""
        self._look_ahead(at)
        between = True  # a comment may begin here: none is open, or its footer was seen
        while at < len(self.lines):
            line = self.lines[at]
            number = line.number
            depth = self._depth(at) if between else self._divided(number)
            if number and depth is not None:
                if not between and self.footers:
                    self.comments[-1].warnings.append(_NO_FOOTER)
                self._begin(line, number, depth)
                between = self._ends(at, line.after_number)
            elif not between:
                between = self._ends(at, line.text)
                if not between:
                    self.comments[-1].lines.append(line)
            elif line.text and not self._is_toggle(at):
                return at
            at += 1
        return at

    def _look_ahead(self, at: int) -> None:
        rest = range(at, len(self.lines))
        told = map(self._is_replys_footer, rest)
        # Two looks at one row of answers: the second goes on where the first found its own.
        first = next((of_reply for of_reply in told if of_reply is not None), None)
        self._levels_told = any(of_reply is not None and of_reply != first for of_reply in told)
        self._is_flat = self._levels_told and not any(self.lines[place].indent for place in rest)

    def _depth(self, at: int) -> int | None:
        """The depth of the comment that may begin at line `at`, after a footer; None where none begins."""
        number = self.lines[at].number
        if number is None:
            return None
        if not self._lists:
            return 0
        if self._is_flat:
            return self._told_depth(at, number)
        depth = self._continued(number)
        if depth is not None:
            return depth
        if self._deepens(at):
            return len(self._lists)
        depths = reversed(range(len(self._lists)))
        return next((depth for depth in depths if self._lists[depth].resumed_by(number)), None)

    def _continued(self, number: Number) -> int | None:
        """The depth of the innermost list that `number` continues."""
        depths = reversed(range(len(self._lists)))
        return next((depth for depth in depths if self._lists[depth].continued_by(number)), None)

    def _told_depth(self, at: int, number: Number) -> int | None:
        """The depth that the footer of the comment at line `at` tells."""
        told = map(self._is_replys_footer, range(at, len(self.lines)))
        depth = int(next((of_reply for of_reply in told if of_reply is not None), False))
        if depth == len(self._lists):
            return depth if number.value == 1 else None
        open_list = self._lists[depth]
        return depth if open_list.continued_by(number) or open_list.resumed_by(number) else None

    def _divided(self, number: Number | None) -> int | None:
        """The depth of the comment that `number` begins with no footer above; None where it begins none."""
        return self._continued(number) if number and self.by_number else None

    def _begin(self, line: Line, number: Number, depth: int) -> None:
        parent = self._lists[depth - 1].comment if depth else None
        begun = NumberedComment(parent, line, line.after_number)
        if depth < len(self._lists) and number.value > self._lists[depth].number.value + 1:
            begun.warnings.append(_gap(self._lists[depth].number, number))
        del self._lists[depth:]
        self._lists.append(_List(number, len(self.comments)))
        self.comments.append(begun)

    def _ends(self, at: int, text: str) -> bool:
        """End the open comment if `text`, on line `at`, ends in its footer; whether it does.

        It is a footer where a comment or the end of the list follows.
        """
        words = self._before_footer(text)
        if words is None or not self._opens(self._after_toggles(at + 1)):
            return False
        comment = self.comments[-1]
        comment.end(self.lines[at], words)
        self.footers_seen += 1
        if self._levels_told and self._is_replys_footer(at) != (comment.parent is not None):
            comment.warnings.append(_LEVEL_DIFFERS)
        return True

    def _before_footer(self, text: str) -> str | None:
        """What stands before the footer that `text` ends in; None where it ends in none."""
        if self.footers is None:
            return "" if text in TOGGLES else None
        label = self.footers.closing(text)
        if label is None:
            return None
        return "" if self.footers.of(text) else text[: -len(label)]

    def _is_replys_footer(self, at: int) -> bool | None:
        """Whether the line ends in a reply's footer or in a comment's; None for a line that ends in neither.

        A comment's may stand on two lines, `Reply` above `Delete`.
        """
        footers = self.footers
        label = footers.closing(self.lines[at].text) if footers else None
        if footers is None or label is None:
            return None
        above = next(
            (self.lines[place].text for place in range(at - 1, -1, -1) if self.lines[place].text), ""
        )
        return label == footers.reply and above + label != footers.comment

    def _opens(self, at: int) -> bool:
        if at == len(self.lines):
            return True
        return self._depth(at) is not None or self.lines[at].indent < self._lists[0].number.start

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
        few_words = len(line.text) <= _TOGGLE_LENGTH and len(line.text.split()) <= _TOGGLE_WORDS
        return few_words and line.number is None and self._deepens(follower)

    def _deepens(self, at: int) -> bool:
        """Whether the line begins a list that is deeper than all open ones."""
        number = self.lines[at].number if at < len(self.lines) else None
        return number is not None and number.value == 1 and number.start > self._lists[-1].number.start


def _gap(above: Number, below: Number) -> ThreadWarning:
    message = f"It is number {below.value} after number {above.value}: comments before it may be missing."
    return ThreadWarning("number-gap", message)
