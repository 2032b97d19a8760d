"""One comment, or the post, as lines of a given width: what stands on each, and how it is drawn."""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from threadreader.links import Link, may_have_links
from threadreader.model import (
    NOTE_KINDS,
    Annotation,
    Comment,
    News,
    NoteKind,
    Person,
    Post,
    Thread,
    collapsed,
    folded_name,
    is_rule,
    person_of,
)
from threadreader.settings import View
from threadreader.ui.widgets.glyphs import UNICODE, Glyphs
from threadreader.ui.widgets.header_line import Part, fitted_header
from threadreader.ui.widgets.highlights import Highlights
from threadreader.ui.widgets.link_numbers import NumberedText
from threadreader.ui.widgets.thread_find import Lit, Matches, Span
from threadreader.ui.widgets.thread_layout import POST, ThreadLayout
from threadreader.ui.widgets.wrapping import Line, cells, character_in, count_narrow, fitted, is_narrow, wrap

Kind = Literal[
    "header",
    "title",
    "about",
    "warning",
    "mended",
    "text",
    "quote",
    "rule",
    "repeat",
    "note",
    "end",
    "blank",
    "left_out",
]
_OF_THE_TEXT = ("text", "quote", "rule", "repeat")

GUIDE_COLOURS = 6
NARROW = 59  # cells, of a terminal of 60 columns; below, guides are one column wide and dates are days
_ROOM_FOR_ALL = 45  # cells; below, the line about a post leaves its layout out
_MARGIN = 2  # the cursor's bar, and the letter of a highlight
SHORT = 2_000  # texts of a thread whose lines are all counted before it is drawn
_SAMPLE = 2_000  # texts whose words are counted
_NARROW, _WIDE = 1, 2  # texts of which every character takes one cell, and others
_UNNUMBERED = NumberedText("")  # the way through any text without links


class Row(NamedTuple):
    """One line of an open node: a slice of `text` behind `line.prefix`."""

    kind: Kind
    text: str
    line: Line
    sign: str = ""  # of a note


@dataclass(slots=True)
class ThreadMarks:
    """What the reader made of a thread, by comment id; None stands for the post."""

    bookmarked: frozenset[str | None] = frozenset()
    notes: Mapping[str | None, Sequence[Annotation]] = field(default_factory=dict)
    highlights: Mapping[str | None, Sequence[Annotation]] = field(default_factory=dict)
    tags: Mapping[str | None, Sequence[str]] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)  # by `folded_name`

    @property
    def noted(self) -> set[str | None]:
        """What bears a note or a highlight."""
        return {*self.notes, *self.highlights}

    def ids_on(self, comment_id: str | None) -> set[str]:
        """The notes and highlights on a comment, or on the post."""
        return {mark.id for made in (self.notes, self.highlights) for mark in made.get(comment_id, ())}

    def differing(self, other: "ThreadMarks") -> set[str | None]:
        """What has other notes, highlights or tags in `other`."""
        pairs: tuple[tuple[Mapping[str | None, object], Mapping[str | None, object]], ...] = (
            (self.notes, other.notes),
            (self.highlights, other.highlights),
            (self.tags, other.tags),
        )
        return {on for mine, its in pairs for on in {*mine, *its} if mine.get(on) != its.get(on)}


def display_text(text: str) -> str:
    """`text` as it is drawn: tabs as blanks, everything else cell for character."""
    return text.replace("\t", "    ") if "\t" in text else text


def tag_words(tags: Sequence[str]) -> str:
    """Tags as they are shown."""
    return " ".join(f"#{tag}" for tag in tags)


def label_words(person: Person, glyphs: Glyphs) -> str:
    """A person's label as it is shown, apart from what the source says."""
    first, last = glyphs.label
    return f"{first}{display_text(person.label)}{last}"


def repeated_paragraphs(body: str) -> set[int]:
    """Starts of the paragraphs of `body` that stood there before: pull-quotes, folded in the view."""
    seen: set[str] = set()
    repeats = set()
    start = 0
    for paragraph in body.split("\n\n"):
        words = collapsed(paragraph)
        if len(words) > 20 and not is_rule(words) and words in seen:
            repeats.add(start)
        seen.add(words)
        start += len(paragraph) + 2
    return repeats


class CommentPainter:
    """Draws the nodes of one thread at one width.

    The widget sets what changes: `unread` (a flag for each node), `marks`, `hits` (node -> places in its
    text), `current_hit`, `taken` (a node and the place in its text that the mouse takes), `news` (node ->
    what the newest copy brought), `doubt_hint` and `left_out` (node -> how many comments after it are not
    shown).
    `style(name)` gives the look of a part, complete with what stands behind it; for an empty name that of
    the ground, and for "selected" only what is otherwise on the cursor's line.
    """

    def __init__(
        self,
        thread: Thread,
        style: Callable[[str], Style],
        glyphs: Glyphs = UNICODE,
        view: View = View(),  # noqa: B008  (frozen)
    ) -> None:
        self.thread = thread
        self.glyphs = glyphs
        self.view = view
        self.title = thread.post.title
        self.texts = [display_text(thread.body)] + [display_text(c.text) for c in thread.comments]
        guesses = self.guessed_heights if len(self.texts) > SHORT else None
        self.layout = ThreadLayout(thread, self.heights, guesses)
        self.marks = ThreadMarks()
        self.highlights = Highlights(self.texts)
        self.marked: list[tuple[int, str]] = []  # nodes with a bookmark or notes, in order, and which
        self.unread = bytearray(self.layout.size)
        self.hits: Matches | Lit = Lit()
        self.current_hit: tuple[int, Span] | None = None
        self.taken: tuple[int, Span] | None = None
        self.news: Mapping[int, News] = {}
        self.left_out: Mapping[int, int] = {}
        self.doubt_hint = ""  # what can be done about a doubt
        self.width = 80
        self._style = style
        self._narrow = bytearray(self.layout.size)  # for each node _NARROW or _WIDE, once that was looked at
        self._repeats = repeated_paragraphs(self.texts[POST])
        self._numbered: dict[int, NumberedText | None] = {
            node: None for node, text in enumerate(self.texts) if may_have_links(text)
        }
        self._special: set[int] = {
            POST,
            *(n for n, c in enumerate(thread.comments, 1) if c.warnings or c.mended),
        }

    def words_from(self, node: int) -> int:
        """About how many words the thread holds from a node on."""
        before, words_per_character = self._size_of_reading
        return round((before[-1] - before[node]) * words_per_character)

    @cached_property
    def _size_of_reading(self) -> tuple[Sequence[int], float]:
        """For each node, and the end, how many characters stand before it; words per character.

        The words of a long thread are counted in a sample of it.
        """
        before = array("l", accumulate(map(len, self.texts), initial=0))
        sample = self.texts[:: len(self.texts) // _SAMPLE + 1]
        characters = sum(map(len, sample))
        return before, sum(len(text.split()) for text in sample) / max(characters, 1)

    def id_of(self, node: int) -> str | None:
        """The comment's id; None for the post."""
        return None if node == POST else self.thread.comments[node - 1].id

    def node_of(self, comment_id: str | None) -> int:
        """The comment's node; the post for None and for a comment that the thread hasn't got."""
        return POST if comment_id is None else self.thread.positions.get(comment_id, -1) + 1

    def set_read(self, read: Collection[str]) -> list[int]:
        """Take which comments are read; gives the nodes that changed."""
        before = self.unread
        self.unread = after = bytearray([0] + [comment.id not in read for comment in self.thread.comments])
        return [node for node in range(len(after)) if after[node] != before[node]] if after != before else []

    def set_marks(self, marks: ThreadMarks) -> set[int]:
        """Take what the reader made; gives the nodes whose notes, highlights or tags, so heights, changed."""
        before, self.marks = self.marks, marks
        bookmarks = ((self.node_of(on), "bookmark") for on in marks.bookmarked)
        self.marked = sorted([*bookmarks, *((self.node_of(on), "note") for on in marks.noted)])
        changed = {
            POST if on is None else self.thread.positions[on] + 1
            for on in marks.differing(before)
            if on is None or on in self.thread.positions
        }
        changed |= {POST} if marks.people != before.people else set()
        known = (on for on in marks.highlights if on is None or on in self.thread.positions)
        self.highlights.take({self.node_of(on): marks.highlights[on] for on in known}, changed)
        self._special |= changed
        return changed

    def set_view(self, view: View, glyphs: Glyphs) -> None:
        """Draw in another way; measuring anew is the caller's."""
        self.view, self.glyphs = view, glyphs

    def indent(self, depth: int) -> tuple[int, int]:
        """How many guides stand before a comment at `depth`, and how wide each is."""
        step = 1 if self.width < NARROW else self.view.indent
        room = self.width - _MARGIN - 1 - min(self.view.min_text, self.width // 2)
        return min(depth, max(room // step - 1, 0)), step

    def guide_at(self, node: int, cell: int) -> int | None:
        """The comment whose guide or fold sign stands at that cell of the node's lines; None for no guide."""
        if node == POST:
            return None
        shown, step = self.indent(self.layout.depths[node])
        column = (cell - _MARGIN) // step
        if not 0 <= column <= shown:
            return None
        return [node, *self.layout.ancestors(node)][shown - column]

    def text_width(self, node: int) -> int:
        """Cells that the text of a node may take."""
        return self._width_at(-1 if node == POST else self.layout.depths[node])

    def _width_at(self, depth: int) -> int:
        guides, step = self.indent(depth) if depth >= 0 else (-1, 0)
        return max(min(self.width - _MARGIN - (guides + 1) * step - 1, self.view.max_text), 1)

    def heights(self, nodes: Iterable[int]) -> Iterator[int]:
        """Lines of each node when it is open, its blank last line included."""
        texts, depths, narrow = self.texts, self.layout.depths, self._narrow
        widths: dict[int, int] = {}  # by depth
        for node in nodes:
            if node in self._special:
                yield len(self.rows(node))
                continue
            text = self.drawn(node) if node in self._numbered else texts[node]
            depth = depths[node]
            width = widths.get(depth) or widths.setdefault(depth, self._width_at(depth))
            known = narrow[node]
            if not known:
                known = narrow[node] = _NARROW if is_narrow(text) else _WIDE
            if known == _NARROW:
                yield 2 + count_narrow(text, width)
            else:
                yield 2 + len(wrap(text, width))

    def guessed_heights(self) -> Sequence[int]:
        """About how many lines each node takes when it is open: by its length alone."""
        depths = self.layout.depths
        widths = {depth: self._width_at(depth) for depth in set(depths)}
        return [3 + len(text) // widths[depth] for text, depth in zip(self.texts, depths, strict=True)]

    def rows(self, node: int) -> list[Row]:
        """The lines of the open node."""
        rows = list(self._head_rows(node))
        rows.extend(self._text_rows(node))
        width = max(self.text_width(node) - 2, 1)
        for kind, text in self._note_texts(node):
            sign = self.glyphs.of_note(kind)
            rows.extend(Row("note", text, line, sign) for line in wrap(text, width))
        blank = Row("blank", "", Line(0, 0, ""))
        if node == POST:
            rows += [blank, Row("end", "", blank.line)]
        # In the place of the blank line: no height changes with what is left out.
        rows.append(Row("left_out", "", blank.line) if node in self.left_out else blank)
        return rows

    def _note_texts(self, node: int) -> Iterator[tuple[NoteKind, str]]:
        """What stands below a text: notes, those on passages, and highlights that were not found in it."""
        for note in self.marks.notes.get(self.id_of(node), ()):
            yield note.note_kind, display_text(note.text)
        for kind, told in self.highlights.told(node, self.glyphs.ellipsis):
            yield kind, display_text(told)

    def line_of(self, node: int, offset: int) -> int:
        """The line of the thread on which the character at `offset` of the visible node's text is drawn."""
        rows, drawn = enumerate(self.rows(node)), self.numbered(node).drawn_at(offset)
        begun = [at for at, row in rows if row.kind in _OF_THE_TEXT and row.line.start <= drawn]
        return self.layout.top(node) + max(begun, default=0)

    def drawn(self, node: int) -> str:
        """The text of a node with the numbers of its links in it."""
        return self.numbered(node).drawn if node in self._numbered else self.texts[node]

    def numbered(self, node: int) -> NumberedText:
        """The same with the way from what is drawn to the text."""
        if node not in self._numbered:
            return _UNNUMBERED
        numbered = self._numbered[node]
        if numbered is None:
            numbered = self._numbered[node] = NumberedText(self.texts[node])
        return numbered

    def linked(self, nodes: Iterable[int]) -> Iterator[int]:
        """Those of `nodes` in whose text a link stands; only the few that may have one are looked at."""
        return filter(lambda node: self.numbered(node).links, filter(self._numbered.__contains__, nodes))

    def character_at(self, node: int, line: int, cell: int) -> Span | None:
        """The place in the open node's text of what is drawn at a cell of its line; None for no text at all.

        Above and below the text that is its beginning and end, behind a line's last character nothing.
        """
        rows = [(at, row) for at, row in enumerate(self.rows(node)) if row.kind in _OF_THE_TEXT]
        if not rows:
            return None
        _, row = next((one for one in reversed(rows) if one[0] <= line), rows[0])
        first, last, prefix = row.line
        guides, step = (-1, 0) if node == POST else self.indent(self.layout.depths[node])
        cell -= _MARGIN + (guides + 1) * step + cells(prefix)
        if not rows[0][0] <= line <= rows[-1][0]:
            cell = -1 if line < rows[0][0] else self.width
        within, until = character_in(row.text[first:last], cell)
        offset_of = self.numbered(node).offset_of
        return offset_of(first + within), offset_of(first + until)

    def _head_rows(self, node: int) -> Iterator[Row]:
        width = self.text_width(node)
        if node == POST:
            yield from (Row("title", self.title, line) for line in wrap(self.title, width))
            about = self.about(self.thread.post)
            yield from (Row("about", about, line) for line in wrap(about, width))
            warnings = self.thread.post.warnings
        else:
            yield Row("header", "", Line(0, 0, ""))
            warnings = self.thread.comments[node - 1].warnings
        for nth, warning in enumerate(warnings, 1):
            hint = (
                f" ({self.doubt_hint})" if self.doubt_hint and node != POST and nth == len(warnings) else ""
            )
            said = warning.message + hint
            yield from (Row("warning", said, line) for line in wrap(said, max(width - 2, 1)))
        if node != POST and (mended := self.thread.comments[node - 1].mended):
            yield from (Row("mended", mended, line) for line in wrap(mended, max(width - 2, 1)))
        if node == POST:
            yield Row("blank", "", Line(0, 0, ""))

    def _text_rows(self, node: int) -> Iterator[Row]:
        text = self.drawn(node)
        if not text:
            return
        hidden = False
        for line in wrap(text, self.text_width(node)):
            start = line.start
            starts_paragraph = start == 0 or text[start - 1] == "\n"
            if node == POST and starts_paragraph and (start == 0 or text.startswith("\n\n", start - 2)):
                hidden = self.numbered(node).offset_of(start) in self._repeats
                if hidden:
                    yield Row("repeat", text, line)
            if hidden and start < line.end:
                continue
            if starts_paragraph and is_rule(text[line.start : line.end]):
                yield Row("rule", text, line)
            elif text.startswith(">", start) or line.prefix.lstrip().startswith(">"):
                yield Row("quote", text, line)
            else:
                yield Row("text", text, line)

    def about(self, post: Post) -> str:
        """The line under a post's title: what is known of it; in a narrow pane not how it was laid out."""
        count = f"{post.comments} comment{'' if post.comments == 1 else 's'}"
        known = [
            post.date.strftime(self.view.days) if post.date else "no date",
            self._post_author(post),
            count,
            f"{post.layout} layout" if self.width >= _ROOM_FOR_ALL else None,
            "title derived" if post.title_derived else None,
            "source gone" if post.source_gone else None,
            tag_words(self.marks.tags.get(None, ())),
        ]
        return f" {self.glyphs.between} ".join(part for part in known if part)

    def _post_author(self, post: Post) -> str | None:
        person = self.marks.people.get(folded_name(post.author)) if post.author else None
        label = f" {label_words(person, self.glyphs)}" if person and person.label else ""
        return post.author and f"{post.author}{label}"

    # Drawing

    def strips(self, node: int, selected: bool) -> list[Strip]:
        """The lines of the node as it is now, open or closed."""
        if self.layout.is_closed(node):
            return [self._closed(node, selected)]
        return [
            self._row(node, row, selected and at == 0, selected) for at, row in enumerate(self.rows(node))
        ]

    def _row(self, node: int, row: Row, head: bool, selected: bool) -> Strip:
        segments = self._margin(selected)
        if sign := self._highlight_sign(node, row):
            segments[-1] = sign
        if node != POST:
            segments += self._guides(node, own=row.kind != "header")
        segments += getattr(self, f"_draw_{row.kind}")(node, row, selected)
        return self._filled(segments, head and node != POST)

    def _filled(self, segments: list[Segment], selected_head: bool) -> Strip:
        """The segments as a line as wide as the pane."""
        ground = self._style("")
        length = sum(cells(segment.text) for segment in segments)
        if length < self.width:
            segments.append(Segment(" " * (self.width - length), ground))
        if selected_head:
            above = self._style("selected")
            segments = [Segment(words, (style or ground) + above) for words, style, _ in segments]
        strip = Strip(segments, max(length, self.width))
        return strip.crop(0, self.width) if length > self.width else strip

    def _margin(self, selected: bool) -> list[Segment]:
        ground = self._style("")
        bar = Segment(self.glyphs.cursor, self._style("cursor")) if selected else Segment(" ", ground)
        return [bar, Segment(" ", ground)]

    def _highlight_sign(self, node: int, row: Row) -> Segment | None:
        """The letter of the colour that a line is highlighted with, for who sees no colours."""
        if row.kind not in _OF_THE_TEXT or not self.highlights.on(node):
            return None
        offset_of = self.numbered(node).offset_of
        letter = self.highlights.letter(node, offset_of(row.line.start), offset_of(row.line.end))
        return Segment(letter[0], self._style(letter[1])) if letter else None

    def _guides(self, node: int, own: bool) -> list[Segment]:
        depth = self.layout.depths[node]
        shown, step = self.indent(depth)
        first = depth - shown  # past the cap the outermost guides go, and the header tells the true depth
        guide = self.glyphs.guide.ljust(step)
        return [Segment(guide, self._guide_style(level)) for level in range(first, depth + (1 if own else 0))]

    def _guide_style(self, level: int) -> Style:
        return self._style(f"guide-{level % GUIDE_COLOURS}")

    def _draw_header(self, node: int, row: Row, selected: bool) -> list[Segment]:
        return self._fitted(node, [*self._name(node), *self._details(node)])

    def _fitted(self, node: int, parts: Sequence[Part]) -> list[Segment]:
        """As much of a header as has room behind the guides, a blank before the edge."""
        guides, step = (0, 0) if node == POST else self.indent(self.layout.depths[node])
        return fitted_header(parts, self.width - _MARGIN - guides * step - 1, self.glyphs.ellipsis)

    def _name(self, node: int) -> list[Part]:
        """The fold sign, the place and the byline: how every comment begins, open or closed."""
        glyphs, comment = self.glyphs, self.thread.comments[node - 1]
        depth = self.layout.depths[node]
        if self.layout.is_closed(node):
            sign = glyphs.closed
        else:
            sign = glyphs.open if self.thread.reply_counts[node - 1] else glyphs.leaf
        parts = [Part(f"{sign} ", self._guide_style(depth))]
        if depth > self.indent(depth)[0]:
            parts.append(Part(f"{glyphs.deep}{depth} ", self._style("about"), worth=4))
        if self.unread[node]:
            parts.append(Part(f"{glyphs.unread} ", self._style("unread")))
        parts.append(Part(comment.place, self._style("place"), can_be_cut=True))
        style = self._style("author" if comment.author or comment.signed else "anonymous")
        person = person_of(comment, self.marks.people)
        if person and person.dimmed:
            style = self._style("dimmed")
            parts.append(Part(f" {glyphs.dimmed}", style))
        parts += [Part(" ", style), Part(display_text(comment.byline), style, can_be_cut=True)]
        if person and person.label:
            label = f" {label_words(person, glyphs)}"
            parts.append(Part(label, self._style("label"), can_be_cut=True))
        return parts

    def _details(self, node: int) -> Iterator[Part]:
        """What an open comment's header says after the byline: time, replies, marks."""
        comment, between = self.thread.comments[node - 1], f" {self.glyphs.between} "
        dim = self._style("about")
        if comment.created:
            form = self.view.days if self.width < NARROW else self.view.dates
            yield Part(f"{between}{comment.created.strftime(form)}", dim, worth=1)
        if replies := self.thread.reply_counts[node - 1]:
            yield Part(f"{between}{replies} repl{'y' if replies == 1 else 'ies'}", dim, worth=0)
        yield from self._news_sign(node)
        yield from self._mark_signs(comment)
        if comment.mended:
            yield Part(f" {self.glyphs.mended}", self._style("note"))
        if comment.warnings:
            yield Part(f" {self.glyphs.warning}", self._style("warning"))

    def _news_sign(self, node: int) -> Iterator[Part]:
        if news := self.news.get(node):
            glyphs = self.glyphs
            yield Part(f" {glyphs.between} ", self._style("about"))
            yield Part(f"{glyphs.news} {news}", self._style("unread"))

    def _mark_signs(self, comment: Comment) -> Iterator[Part]:
        if comment.id in self.marks.bookmarked:
            yield Part(f" {self.glyphs.bookmark}", self._style("bookmark"))
        made = self.marks.notes, self.marks.highlights
        kinds = Counter(mark.note_kind for marks in made for mark in marks.get(comment.id, ()))
        for kind in filter(kinds.__contains__, NOTE_KINDS):
            count = kinds[kind] if kinds[kind] > 1 else ""
            yield Part(f" {self.glyphs.of_note(kind)}{count}", self._style("note"))
        if tags := self.marks.tags.get(comment.id):
            yield Part(f" {tag_words(tags)}", self._style("tag"), can_be_cut=True)

    def _closed(self, node: int, selected: bool) -> Strip:
        segments = self._margin(selected)
        if node == POST:
            sign = Part(f"{self.glyphs.closed} ", self._style("about"))
            segments += self._fitted(node, [sign, Part(self.title, self._style("title"), can_be_cut=True)])
            return self._filled(segments, selected)
        comment = self.thread.comments[node - 1]
        name = [*self._name(node), *self._news_sign(node), *self._mark_signs(comment)]
        if comment.mended:
            name.append(Part(f" {self.glyphs.mended}", self._style("note")))
        inside = self._inside(node)
        segments += self._guides(node, own=False)
        head = self._fitted(node, [*name, *inside])
        used = sum(cells(segment.text) for segment in [*segments, *head])
        room = self.width - used - 3
        if room > 4 and len(head) == len(name) + len(inside):  # what was left out goes before words
            words = Segment(f"  {self._first_words(node, room)}", self._style("about"))
            head.insert(len(name), words)
        return self._filled([*segments, *head], selected)

    def _first_words(self, node: int, room: int) -> str:
        words = collapsed(self.texts[node][: 4 * room])
        if cells(words) <= room:
            return words
        return fitted(words, room - 1).rstrip() + self.glyphs.ellipsis

    def _inside(self, node: int) -> list[Part]:
        """What a closed comment hides, itself included: replies, unread, notes, hits."""
        first, last = node, self.layout.ends[node]
        made = [marks for marks in (self.marks.notes, self.marks.highlights) if marks]
        ids = [self.id_of(inner) for inner in range(first, last)] if made else []
        notes = sum(len(marks.get(inner, ())) for marks in made for inner in ids)
        hits = self.hits.between(first, last)
        replies, unread = last - first - 1, sum(self.unread[first:last])
        told = [
            (f"{replies} repl{'y' if replies == 1 else 'ies'}", "about") if replies else None,
            (f"{unread} unread", "unread") if unread else None,
            (f"{notes} note{'' if notes == 1 else 's'}", "note") if notes else None,
            (f"{hits} hit{'' if hits == 1 else 's'}", "hit") if hits else None,
        ]
        parts: list[Part] = []
        for worth, one in enumerate(told):
            if one is not None:
                lead = f" {self.glyphs.between} " if parts else "  "
                parts += [Part(lead, self._style("about"), worth), Part(one[0], self._style(one[1]), worth)]
        return parts

    def _draw_title(self, node: int, row: Row, selected: bool) -> list[Segment]:
        return [Segment(row.text[row.line.start : row.line.end], self._style("title"))]

    def _draw_about(self, node: int, row: Row, selected: bool) -> list[Segment]:
        segments = [Segment(row.text[row.line.start : row.line.end], self._style("about"))]
        if row.line.end == len(row.text) and None in self.marks.bookmarked:
            segments.append(Segment(f" {self.glyphs.bookmark}", self._style("bookmark")))
        return segments

    def _draw_warning(self, node: int, row: Row, selected: bool) -> list[Segment]:
        sign = f"{self.glyphs.warning} " if row.line.start == 0 else "  "
        return [Segment(sign + row.text[row.line.start : row.line.end], self._style("warning"))]

    def _draw_mended(self, node: int, row: Row, selected: bool) -> list[Segment]:
        sign = f"{self.glyphs.mended} " if row.line.start == 0 else "  "
        return [Segment(sign + row.text[row.line.start : row.line.end], self._style("note"))]

    def _draw_text(self, node: int, row: Row, selected: bool) -> list[Segment]:
        return self._lit(node, row, self._style("dimmed" if self._is_dimmed(node) else "text"))

    def _draw_quote(self, node: int, row: Row, selected: bool) -> list[Segment]:
        return self._lit(node, row, self._style("dimmed" if self._is_dimmed(node) else "quote"))

    def _is_dimmed(self, node: int) -> bool:
        person = person_of(self.thread.comments[node - 1], self.marks.people) if node != POST else None
        return person is not None and person.dimmed

    def _draw_rule(self, node: int, row: Row, selected: bool) -> list[Segment]:
        width = min(self.text_width(node), 60)
        return [Segment(self.glyphs.rule * width, self._style("rule"))]

    def _draw_repeat(self, node: int, row: Row, selected: bool) -> list[Segment]:
        offset_of = self.numbered(node).offset_of
        words = self.texts[node][offset_of(row.line.start) : offset_of(row.line.end)]
        said = f"{self.glyphs.deep} said before: {words}"
        return [
            Segment(
                fitted(said, self.text_width(node) - 1).rstrip() + self.glyphs.ellipsis,
                self._style("about"),
            )
        ]

    def _draw_note(self, node: int, row: Row, selected: bool) -> list[Segment]:
        sign = f"{row.sign} " if row.line.start == 0 else "  "
        style = self._style("note")
        return [
            Segment(sign, style),
            Segment(row.line.prefix + row.text[row.line.start : row.line.end], style),
        ]

    def _draw_end(self, node: int, row: Row, selected: bool) -> list[Segment]:
        count, shown = self.thread.post.comments, len(self.thread.comments)
        label = f" {shown} of" if shown < count else ""
        label += f" {count} comment{'' if count == 1 else 's'} " if count else " no comments "
        width = self.text_width(POST)
        rule = self.glyphs.rule
        return [Segment(f"{rule * 2}{label}".ljust(width, rule), self._style("rule"))]

    def _draw_blank(self, node: int, row: Row, selected: bool) -> list[Segment]:
        return []

    def _draw_left_out(self, node: int, row: Row, selected: bool) -> list[Segment]:
        count = self.left_out[node]
        told = f"{self.glyphs.left_out} {count} comment{'' if count == 1 else 's'}"
        return [Segment(told, self._style("about"))]

    def _lit(self, node: int, row: Row, style: Style) -> list[Segment]:
        """The row's words with links, their numbers, and hits in their own look."""
        first, last, prefix = row.line
        segments = [Segment(prefix, style)] if prefix else []
        numbered = self.numbered(node)
        for start, end, label in numbered.pieces(first, last):
            if label:
                segments.append(Segment(label, self._style("about")))
            else:
                segments += self._lit_words(node, numbered.links, start, end, style)
        return segments

    def _lit_words(
        self, node: int, links: Sequence[Link], start: int, end: int, style: Style
    ) -> Iterator[Segment]:
        for first, last, look in self._spans(node, links, start, end):
            yield from self._highlighted(node, start, first, style, Style.null())
            yield from self._highlighted(node, first, last, style, self._style(look))
            start = last
        yield from self._highlighted(node, start, end, style, Style.null())

    def _highlighted(self, node: int, start: int, end: int, style: Style, above: Style) -> Iterator[Segment]:
        """The words from `start` to `end` with highlights under what else lies over them."""
        text = self.texts[node]
        for first, last, look in self.highlights.pieces(node, start, end):
            under = style + self._style(look) if look else style
            yield Segment(text[first:last], under + above)

    def _spans(
        self, node: int, links: Sequence[Link], start: int, end: int
    ) -> Iterator[tuple[int, int, str]]:
        """Links and hits that touch `text[start:end]`, cut to it, in order, a hit over a link."""
        found = [
            (span, "hit-current" if self.current_hit == (node, span) else "hit")
            for span in self.hits.get(node, ())
        ]
        if self.taken and self.taken[0] == node:
            found.insert(0, (self.taken[1], "taken"))
        found += [((link.start, link.end), "link") for link in links]
        spans: list[tuple[int, int, str]] = []
        for span, look in found:
            first, last = max(span[0], start), min(span[1], end)
            if first < last and not any(s < last and e > first for s, e, _ in spans):
                spans.append((first, last, look))
        return iter(sorted(spans))
