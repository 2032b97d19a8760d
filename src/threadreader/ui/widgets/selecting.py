"""Choosing a passage of one comment by keys: a mode of the thread, lit while it lasts."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import ClassVar

from threadreader.anchoring import quote_of
from threadreader.model import COLOURS, Colour
from threadreader.passages import Cut, Span, all_lit, paragraphs, sentences, widened, words
from threadreader.ui.keys import Key, Keyed
from threadreader.ui.widgets.comment_painter import CommentPainter
from threadreader.ui.widgets.dragging import DraggedPane
from threadreader.ui.widgets.selectable import SelectablePane

_CUTS: Mapping[str, Cut] = {"word": words, "sentence": sentences, "paragraph": paragraphs}


class Selecting(Keyed):
    """The passage `start` to `end` of the text of `node`; all keys are its own while it lasts."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("select.word", "w", "widen('word')", "The whole word, then the next", "Select", footer="Word"),
        Key(
            "select.sentence",
            "s",
            "widen('sentence')",
            "The sentence, then the next",
            "Select",
            footer="Sentence",
        ),
        Key(
            "select.paragraph",
            "p",
            "widen('paragraph')",
            "The paragraph, then the next",
            "Select",
            footer="Paragraph",
        ),
        Key("select.highlight", "enter", "choose(False)", "Highlight it", "Select", footer="Highlight"),
        Key("select.split", "m", "split", "Mend: split the comment before it", "Select", footer="Split"),
        Key(
            "select.note", "a", "choose(True)", "Highlight it and write a note on it", "Select", footer="Note"
        ),
        Key("select.copy", "y", "copy", "Copy it", "Select", footer="Copy"),
        Key("select.colour", "c", "colour", "The next colour", "Select", footer="Colour"),
        Key("select.other-end", "o", "other_end", "Move the other end", "Select", footer="Other end"),
        Key("select.forward", "l,right", "move(1)", "Move the end a word forward", "Select"),
        Key("select.back", "h,left", "move(-1)", "Move the end a word back", "Select"),
        Key("select.down", "j,down", "move_lines(1)", "Move the end a line down", "Select"),
        Key("select.up", "k,up", "move_lines(-1)", "Move the end a line up", "Select"),
        Key("select.leave", "escape,q", "leave", "Back to reading", "Panes", footer="Leave"),
        Key("select.help", "?,f1", "screen.help", "Help", "Program", footer="Help"),
    )

    def __init__(
        self, pane: SelectablePane, painter: CommentPainter, node: int, span: Span, colour: Colour
    ) -> None:
        super().__init__()
        self.keymap = pane.keymap
        self.painter = painter
        self.node = node
        self.start, self.end = span
        self.colour = colour
        self._pane = pane
        self._text = painter.texts[node]
        self._backward = False  # does the start move?
        self._words = all_lit(self._text, words)
        self._spans = {"word": self._words}

    @property
    def moving(self) -> int:
        """The character at the end that moves."""
        return self.start if self._backward else self.end - 1

    @property
    def told(self) -> str:
        """What is chosen, and what the keys do."""
        between = f" {self._pane.glyphs.between} "
        count = bisect_left(self._words, (self.end, 0)) - bisect_right(self._words, self.start, key=_end)
        chosen = f"selected {count} word{'' if count == 1 else 's'}, {self.colour}"
        signs = [(key, key.sign(typing=False)) for key in self.all_keys()]
        moving = " ".join(sign for key, sign in signs if sign and not key.footer)
        # The last ones first: those before them are in the last line of the screen as well.
        keys = [
            f"{sign} {key.footer.lower()}"
            for key, sign in signs
            if sign and key.group == "Select" and key.footer
        ]
        return between.join([chosen, f"{moving} move its end", *reversed(keys)])

    def show(self) -> None:
        """Light it."""
        self._pane.show_passage(self)

    def action_widen(self, unit: str) -> None:
        """Take whole words, sentences or paragraphs; where it is these already, one more."""
        if unit not in self._spans:
            self._spans[unit] = all_lit(self._text, _CUTS[unit])
        for _ in range(self.count()):
            wider = widened(self._spans[unit], (self.start, self.end), backward=self._backward)
            if wider is None:
                self._refuse(f"no further {unit} that way" if self._backward else f"this is the last {unit}")
                break
            self.start, self.end = wider
        self.show()

    def action_move(self, direction: int) -> None:
        """Move the end by words."""
        self._reach(self._word + direction * self.count(), "the comment ends here")

    def action_move_lines(self, direction: int) -> None:
        """Move the end by lines of the screen."""
        below = self._beside(direction * self.count())
        if below is None:
            self._refuse("no further line that way")
            return
        at = bisect_right(self._words, (below, len(self._text))) - 1
        further = self._word + direction
        self._reach(max(at, further) if direction > 0 else min(at, further), "no further line that way")

    def action_other_end(self) -> None:
        """Let the other end move."""
        self._backward = not self._backward
        self.show()

    def action_colour(self) -> None:
        """The next colour."""
        self.colour = COLOURS[(COLOURS.index(self.colour) + self.count()) % len(COLOURS)]
        self.show()

    def action_choose(self, noted: bool) -> None:
        """Have it highlighted."""
        quote = quote_of(self._text, self.start, self.end)
        comment_id = self.painter.id_of(self.node)
        self._pane.end_mode()
        self._pane.post_message(SelectablePane.PassageChosen(comment_id, quote, self.colour, noted))

    def action_split(self) -> None:
        """Have the comment split before it."""
        quote = quote_of(self._text, self.start, self.end)
        comment_id = self.painter.id_of(self.node)
        self._pane.end_mode()
        self._pane.post_message(SelectablePane.SplitChosen(comment_id, quote))

    def action_copy(self) -> None:
        """Have it copied."""
        self._pane.end_mode()
        self._pane.post_message(DraggedPane.Taken(self._text[self.start : self.end]))

    def action_leave(self) -> None:
        """As if nothing had been chosen."""
        self._pane.end_mode()

    @property
    def _word(self) -> int:
        """Which word the moving end is in."""
        if self._backward:
            return bisect_right(self._words, self.start, key=_end)
        return bisect_left(self._words, (self.end, 0)) - 1

    def _reach(self, word: int, refusal: str) -> None:
        """Move the end to a word, or as far as there are any; one word at least stays chosen."""
        there = self._words[min(max(word, 0), len(self._words) - 1)]
        start, end = (there[0], self.end) if self._backward else (self.start, there[1])
        grows = (word > self._word) != self._backward
        if (start, end) == (self.start, self.end) and grows:
            self._refuse(refusal)
        elif start >= end or (start, end) == (self.start, self.end):
            self._refuse("one word stays selected", "select.other-end", "moves the other end")
        else:
            self.start, self.end = start, end
            self.show()

    def _beside(self, lines: int) -> int | None:
        """The character so many lines below the moving end, or above; None where there is no line."""
        numbered = self.painter.numbered(self.node)
        rows = [row.line for row in self.painter.rows(self.node) if row.kind in ("text", "quote")]
        rows = [line for line in rows if line.start < line.end]
        drawn = numbered.drawn_at(self.moving)
        at = bisect_right(rows, drawn, key=lambda line: line.start) - 1
        beside = min(max(at + lines, 0), len(rows) - 1)
        if beside == at:
            return None
        column = drawn - rows[at].start
        return numbered.offset_of(min(rows[beside].start + column, rows[beside].end - 1))

    def _refuse(self, reason: str, action: str = "", does: str = "") -> None:
        self._pane.post_message(SelectablePane.Refused(reason, action, does))


def first_word(painter: CommentPainter, node: int, lines: range) -> Span | None:
    """The first word of a node on these lines of it, else the first of all; None where there is none."""
    spans = all_lit(painter.texts[node], words)
    offset_of = painter.numbered(node).offset_of
    begins = [
        offset_of(row.line.start)
        for at, row in enumerate(painter.rows(node))
        if at in lines and row.kind in ("text", "quote")
    ]
    at = bisect_left(spans, (begins[0], 0)) if begins else 0
    return spans[min(at, len(spans) - 1)] if spans else None


def _end(span: Span) -> int:
    return span[1]
