"""A whole thread as one scrolled text: the post, then every comment in full, foldable at any level."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from threadreader.model import Position, Thread
from threadreader.ui.keys import Key, Keyed, bindings
from threadreader.ui.widgets.comment_painter import CommentPainter, Span, ThreadMarks
from threadreader.ui.widgets.glyphs import UNICODE, Glyphs
from threadreader.ui.widgets.looks import look
from threadreader.ui.widgets.thread_find import Matches, ThreadFind
from threadreader.ui.widgets.thread_layout import POST, ThreadLayout

SEEN_AFTER = 0.7  # seconds that a comment stands still on the screen before it counts as read
_KEPT_STRIPS = 600  # nodes whose drawn lines are kept


class ThreadView(ScrollView, Keyed, can_focus=True):
    """Shows a thread; it is given marks and read state, and says by messages what the reader did."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("thread.next", "j,down", "next_comment", "Next comment", "Move"),
        Key("thread.previous", "k,up", "previous_comment", "Previous comment", "Move"),
        Key("thread.next-sibling", "J", "sibling(1)", "Next sibling", "Move"),
        Key("thread.previous-sibling", "K", "sibling(-1)", "Previous sibling", "Move"),
        Key("thread.out", "h,left", "fold_or_parent", "Fold, or to the parent", "Move"),
        Key("thread.in", "l,right", "unfold_or_reply", "Unfold, or to the first reply", "Move"),
        Key("thread.parent", "H", "parent", "Parent", "Move"),
        Key("thread.root", "g 0", "root", "Top of this discussion", "Move"),
        Key("thread.previous-top", "{", "top_level(-1)", "Previous top-level comment", "Move"),
        Key("thread.next-top", "}", "top_level(1)", "Next top-level comment", "Move"),
        Key("thread.first", "g g,home", "first", "First line", "Move"),
        Key("thread.last", "G,end", "last", "Last comment", "Move"),
        Key("thread.page-down", "space,pagedown", "page(1)", "Page down", "Move"),
        Key("thread.page-up", "b,pageup", "page(-1)", "Page up", "Move"),
        Key("thread.half-down", "ctrl+d", "half_page(1)", "Half a page down", "Move"),
        Key("thread.half-up", "ctrl+u", "half_page(-1)", "Half a page up", "Move"),
        Key("thread.next-unread", "tab", "unread(1)", "Next unread", "Walk", footer="Unread"),
        Key("thread.previous-unread", "shift+tab", "unread(-1)", "Previous unread", "Walk"),
        Key("thread.next-note", "] n", "noted(1)", "Next note", "Walk"),
        Key("thread.previous-note", "[ n", "noted(-1)", "Previous note", "Walk"),
        Key("thread.next-bookmark", "] b", "bookmarked(1)", "Next bookmark", "Walk"),
        Key("thread.previous-bookmark", "[ b", "bookmarked(-1)", "Previous bookmark", "Walk"),
        Key("thread.toggle-fold", "enter,z a", "toggle_fold", "Fold or unfold", "Fold", footer="Fold"),
        Key("thread.open-fold", "z o", "fold(False)", "Unfold", "Fold"),
        Key("thread.close-fold", "z c", "fold(True)", "Fold", "Fold"),
        Key("thread.fold-subtree", "z A", "fold_subtree", "Fold or unfold with all replies", "Fold"),
        Key("thread.fold-all", "z M", "fold_to_level(0)", "Fold all", "Fold"),
        Key("thread.open-all", "z R", "open_all", "Unfold all", "Fold"),
        Key("thread.fold-less", "z r", "fold_by(1)", "One level more", "Fold"),
        Key("thread.fold-more", "z m", "fold_by(-1)", "One level less", "Fold"),
        *(
            Key(f"thread.level-{n}", f"z {n}", f"fold_to_level({n})", f"Fold to level {n}", "Fold")
            for n in range(1, 10)
        ),
        Key("thread.fold-read", "z u", "fold_read", "Fold what is read", "Fold"),
        Key("thread.centre", "z z", "place(0.5)", "Centre", "Move"),
        Key("thread.to-top", "z t", "place(0)", "To the top", "Move"),
        Key("thread.to-bottom", "z b", "place(1)", "To the bottom", "Move"),
        Key("thread.find-next", "n", "find_step(1)", "Next match", "Find"),
        Key("thread.find-previous", "N", "find_step(-1)", "Previous match", "Find"),
    )
    BINDINGS = bindings(KEYS)

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "thread--about",
        "thread--anonymous",
        "thread--author",
        "thread--bookmark",
        "thread--cursor",
        "thread--guide-0",
        "thread--guide-1",
        "thread--guide-2",
        "thread--guide-3",
        "thread--guide-4",
        "thread--guide-5",
        "thread--hit",
        "thread--hit-current",
        "thread--link",
        "thread--note",
        "thread--place",
        "thread--quote",
        "thread--rule",
        "thread--selected",
        "thread--text",
        "thread--title",
        "thread--unread",
        "thread--warning",
    }

    DEFAULT_CSS = """
    ThreadView {
        background: $background;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .thread--about { color: $text-muted; }
        & > .thread--anonymous { color: $text-muted; }
        & > .thread--author { color: $text; text-style: bold; }
        & > .thread--bookmark { color: $text-warning; text-style: bold; }
        & > .thread--cursor { color: $primary; text-style: bold; }
        & > .thread--guide-0 { color: $primary; }
        & > .thread--guide-1 { color: $warning; }
        & > .thread--guide-2 { color: $secondary; }
        & > .thread--guide-3 { color: $success; }
        & > .thread--guide-4 { color: $accent; }
        & > .thread--guide-5 { color: $foreground-muted; }
        & > .thread--hit { background: $warning-muted; color: $text-warning; text-style: underline; }
        & > .thread--hit-current { background: $warning; color: $background; text-style: bold; }
        & > .thread--link { text-style: underline; }
        & > .thread--note { color: $text-success; text-style: italic; }
        & > .thread--place { color: $text-primary; text-style: bold; }
        & > .thread--quote { color: $text-muted; text-style: italic; }
        & > .thread--rule { color: $foreground-muted; }
        & > .thread--selected { background: $surface-lighten-1; }
        & > .thread--text { color: $text; }
        & > .thread--title { color: $text; text-style: bold; }
        & > .thread--unread { color: $text-accent; text-style: bold; }
        & > .thread--warning { color: $text-warning; }
    }
    ThreadView:focus > .thread--selected { background: $primary-muted; }
    """

    cursor: reactive[int] = reactive(POST)
    """The node under the cursor: 0 for the post, else one more than the comment's position."""

    @dataclass
    class Highlighted(Message):
        """The cursor came to a comment (None: the post)."""

        comment_id: str | None

    @dataclass
    class Seen(Message):
        """These comments stood on the screen long enough to be read."""

        comment_ids: tuple[str, ...]

    @dataclass
    class FoldsChanged(Message):
        """The reader folded or unfolded."""

        folded: frozenset[str]

    @dataclass
    class FindChanged(Message):
        """Another match, or another number of them: `current` of `total`, 0 of 0 when there are none."""

        current: int
        total: int

    @dataclass
    class Refused(Message):
        """A key could do nothing; `reason` says why."""

        reason: str

    class Ended(Message):
        """A page was asked for past the end of the thread."""

    class UnreadExhausted(Message):
        """No unread comment is left in the direction that was asked for."""

    def __init__(self, *, id: str | None = None, glyphs: Glyphs = UNICODE) -> None:
        super().__init__(id=id)
        self.thread: Thread | None = None
        self.glyphs = glyphs
        self._painter: CommentPainter | None = None
        self._find: ThreadFind | None = None
        self._matches: Matches | None = None
        self._match = -1
        self._before_find: Position | None = None
        self._styles: dict[str, Style] = {}
        self._strips: dict[tuple[int, bool], list[Strip]] = {}
        self._seen_timer: Timer | None = None
        self._wanted: Position | None = None

    # What the screen gives

    def load(
        self,
        thread: Thread | None,
        *,
        title: str = "",
        read: Collection[str] = (),
        marks: ThreadMarks | None = None,
        folded: Collection[str] = (),
        position: Position | None = None,
    ) -> None:
        """Show `thread` as the reader left it; None shows nothing."""
        self.thread = thread
        self._find, self._matches, self._match, self._before_find = None, None, -1, None
        self._painter = None
        if thread is not None:
            painter = self._painter = CommentPainter(thread, self._look, self.glyphs)
            painter.title = title or thread.post.title
            painter.set_marks(marks or ThreadMarks())
            self._mark_unread(painter, read)
            painter.layout.fold((n for n, c in enumerate(thread.comments, 1) if c.id in folded), True)
        self._wanted = position or Position(None, 0)
        self.set_reactive(ThreadView.cursor, POST)
        self._relayout()
        self.restart_seen()

    def set_marks(self, marks: ThreadMarks) -> None:
        """The reader's bookmarks and notes changed."""
        painter = self._painter
        if painter is None:
            return
        changed = painter.set_marks(marks)
        if changed and self._wanted is None:
            self._kept(lambda: painter.layout.measure_some(changed))
        else:
            self._redraw()

    def set_read(self, read: Collection[str]) -> None:
        """The read comments changed."""
        if self._painter is not None:
            self._mark_unread(self._painter, read)
            self._redraw()

    def set_title(self, title: str) -> None:
        """The post's name changed."""
        painter = self._painter
        if painter is not None and title != painter.title:
            painter.title = title
            self._kept(lambda: painter.layout.measure_some([POST]))

    def light(self, spans: Mapping[str | None, Sequence[Span]]) -> None:
        """Light places in texts, by comment id; they are not walked by `n`."""
        if self._painter is not None and self.thread is not None:
            at = self.thread.positions
            self._painter.hits = {
                0 if c is None else at[c] + 1: s for c, s in spans.items() if c is None or c in at
            }
            self._redraw()

    def go_to(self, comment_id: str | None, *, place: float | None = 0.3) -> bool:
        """Bring a comment under the cursor with its ancestors open; False where the thread hasn't got it."""
        if self._painter is None or self.thread is None:
            return False
        if comment_id is not None and comment_id not in self.thread.positions:
            return False
        node = POST if comment_id is None else self.thread.positions[comment_id] + 1
        if self._wanted is not None:  # not drawn yet: the place is taken when there is a size
            self.layout_.fold(self.layout_.hidden_by(node), False)
            self._wanted = Position(comment_id, 1)
            return True
        self._open_way(node)
        self.cursor = node
        if place is not None:
            self._place(place)
        return True

    @property
    def position(self) -> Position:
        """Where the reader is now; while words to find are typed, where that began."""
        if self._before_find is not None:
            return self._before_find
        if self._painter is None or self._wanted is not None:
            return self._wanted or Position(None, 0)
        return Position(self.comment_id, self._painter.layout.top(self.cursor) - self.scroll_offset.y)

    @property
    def comment_id(self) -> str | None:
        """The comment under the cursor; None for the post."""
        return self._painter.id_of(self.cursor) if self._painter else None

    @property
    def layout_(self) -> ThreadLayout:
        """Folds and lines; only while a thread is shown."""
        assert self._painter is not None
        return self._painter.layout

    @property
    def unread(self) -> int:
        """Unread comments of the thread."""
        return sum(self._painter.unread) if self._painter else 0

    # Find

    def find(self, query: str) -> None:
        """Light every match of `query` and go to the first one at or after where finding began."""
        if self._painter is None:
            return
        if self._find is None:
            self._find = ThreadFind(self._painter.texts)
        if self._before_find is None:
            self._before_find = self.position
        self._matches = self._painter.hits = self._find.matches(query)
        self._match = self._matches.first_from(self._node_of(self._before_find.comment_id))
        self._show_match()

    def keep_find(self) -> None:
        """Stop typing: stay here, with the matches lit and walkable; without any, finding has ended."""
        if self._matches:
            self._before_find = None
        else:
            self.end_find(restore=True)

    def end_find(self, *, restore: bool) -> None:
        """Forget the matches and close what they opened.

        With `restore`, go back to where finding began; else stay, and what shows the cursor stays open.
        """
        if self._painter is None:
            return
        self._painter.hits, self._painter.current_hit = {}, None
        self._matches, self._match = None, -1
        if restore:
            self._back_to_start()
        else:
            self._stay_open()
        self._before_find = None
        self.post_message(self.FindChanged(0, 0))

    def _back_to_start(self) -> None:
        """Close what finding opened and go to where it began."""
        self._close_revealed()
        self._strips.clear()
        self._wanted = self._before_find
        self._settle()

    def _stay_open(self) -> None:
        """Close what finding opened, but for what shows the cursor: the reader has come to stay."""
        layout = self.layout_
        opened = layout.revealed.intersection([self.cursor, *layout.ancestors(self.cursor)])
        if layout.fold(opened, False):
            self._say_folds()
        self._kept(self._close_revealed)

    @property
    def is_finding(self) -> bool:
        """Are matches lit?"""
        return bool(self._matches) or self._before_find is not None

    def action_find_step(self, direction: int) -> None:
        """Go to the next or previous match, round the end."""
        if not self._matches:
            self.post_message(self.Refused("nothing is being looked for: / finds in this thread"))
            return
        self._match = (self._match + direction * self.count()) % self._matches.total
        self._show_match()

    def _show_match(self) -> None:
        painter = self._painter
        assert painter is not None
        matches = self._matches
        if not matches:
            painter.current_hit = None
            self._back_to_start()
            self.post_message(self.FindChanged(0, 0))
            return
        node, span = painter.current_hit = matches.place(self._match)
        layout = painter.layout
        layout.revealed = {above for above in layout.ancestors(node) if layout.folded[above]}
        if layout.folded[node]:
            layout.revealed.add(node)
        layout.arrange()
        self._update_size()
        self._strips.clear()
        self.cursor = node
        self._show_line(self._line_of(node, span[0]))
        self.refresh()
        self.post_message(self.FindChanged(self._match + 1, matches.total))

    def _close_revealed(self) -> None:
        self.layout_.revealed.clear()
        self.layout_.arrange()

    def _line_of(self, node: int, offset: int) -> int:
        """The line of the thread on which the character at `offset` of the node's text is drawn."""
        assert self._painter is not None
        words = ("text", "quote", "rule", "repeat")
        rows = enumerate(self._painter.rows(node))
        begun = [at for at, row in rows if row.kind in words and row.line.start <= offset]
        return self.layout_.top(node) + max(begun, default=0)

    # Where the cursor goes

    def action_next_comment(self) -> None:
        """The next visible comment; a tall one is scrolled through first."""
        self._step(self.count())

    def action_previous_comment(self) -> None:
        """The previous visible comment; a tall one is scrolled through first."""
        self._step(-self.count())

    def _step(self, by: int) -> None:
        if self._painter is None:
            return
        if abs(by) == 1 and self._scroll_inside(by):
            return
        target = self.layout_.step(self.cursor, by)
        if target == self.cursor:
            self._refuse("this is the last comment" if by > 0 else "this is the top")
            return
        self._select(target, from_below=by < 0)

    def _scroll_inside(self, direction: int) -> bool:
        """Scroll within the comment under the cursor where more of it lies that way."""
        layout, height = self.layout_, self.size.height
        top, bottom = layout.top(self.cursor), layout.bottom(self.cursor) - 1
        view_top = self.scroll_offset.y
        if bottom - top <= height:
            return False
        hidden = bottom - (view_top + height) if direction > 0 else view_top - top
        if hidden <= 0:
            return False
        self._scroll(view_top + direction * min(hidden, max(height // 2, 1)))
        return True

    def action_sibling(self, direction: int) -> None:
        """The next or previous comment with the same parent."""
        self._walk(
            lambda node: next(iter(self.layout_.siblings(node, direction > 0)), -1), "no sibling that way"
        )

    def action_parent(self) -> None:
        """The comment that this one answers."""
        self._walk(lambda node: self.layout_.parents[node], "this is the post")

    def action_root(self) -> None:
        """The comment on the post under which this one stands."""
        self._walk(lambda node: [node, *self.layout_.ancestors(node)][-1], "")

    def action_top_level(self, direction: int) -> None:
        """The next or previous comment on the post."""

        def top_level(node: int) -> int:
            layout = self.layout_
            root = [node, *layout.ancestors(node)][-1]
            if direction < 0:
                if root != node:
                    return root
                return next(iter(layout.siblings(node, False)), POST if node != POST else -1)
            following = layout.ends[root] if root != POST else 1
            return following if following < layout.size else -1

        self._walk(top_level, "no further comment on the post")

    def _walk(self, follow: Callable[[int], int], refusal: str) -> None:
        """Follow a relation as often as the count says, as far as it leads."""
        if self._painter is None:
            return
        node = self.cursor
        for _ in range(self.count()):
            following = follow(node)
            if following < 0 or following == node:
                break
            node = following
        if node == self.cursor:
            if refusal:
                self._refuse(refusal)
            return
        self._open_way(node)
        self._select(node)

    def action_first(self) -> None:
        """The top of the post."""
        if self._painter is not None:
            self._select(POST)
            self._scroll(0)

    def action_last(self) -> None:
        """The last visible comment; with a count, that one of the thread."""
        if self._painter is None:
            return
        if number := self.count(default=0):
            node = min(number, self.layout_.size - 1)
            self._open_way(node)
            self._select(node)
        else:
            self._select(self.layout_.visible[-1])
            self._scroll(self.layout_.lines)

    def action_page(self, direction: int) -> None:
        """A page, with two lines of the old one kept."""
        at_end = self.scroll_offset.y >= self.max_scroll_y
        if direction > 0 and at_end:
            self.post_message(self.Ended())
            return
        self._page(direction * self.count() * max(self.size.height - 2, 1))

    def action_half_page(self, direction: int) -> None:
        """Half a page."""
        self._page(direction * self.count() * max(self.size.height // 2, 1))

    def _page(self, lines: int) -> None:
        if self._painter is None:
            return
        self._scroll(self.scroll_offset.y + lines)
        self._cursor_into_view(prefer_last=self.scroll_offset.y >= self.max_scroll_y and lines > 0)

    def _cursor_into_view(self, prefer_last: bool = False) -> None:
        """Put the cursor on a comment that begins in the view, else on the one that fills it."""
        layout, top = self.layout_, self.scroll_offset.y
        bottom = top + self.size.height - 1
        shown = list(layout.between(top, bottom))
        begins = [node for node in shown if layout.top(node) >= top]
        if self.cursor in begins and not prefer_last:
            return
        candidates = begins or shown
        if candidates:
            self.cursor = candidates[-1 if prefer_last else 0]

    def action_unread(self, direction: int) -> None:
        """The next or previous unread comment, its way opened."""
        unread = self._painter.unread if self._painter else bytearray()
        if not self._jump(lambda node: bool(unread[node]), direction):
            self.post_message(self.UnreadExhausted())

    def action_noted(self, direction: int) -> None:
        """The next or previous comment with a note."""
        notes = self._painter.marks.notes if self._painter else {}
        if not self._jump(lambda node: self._comment_of(node) in notes, direction):
            self._refuse("no note that way: a writes one")

    def action_bookmarked(self, direction: int) -> None:
        """The next or previous bookmarked comment."""
        bookmarked = self._painter.marks.bookmarked if self._painter else frozenset()
        if not self._jump(lambda node: self._comment_of(node) in bookmarked, direction):
            self._refuse("no bookmark that way: B sets one")

    def go_to_first_unread(self) -> bool:
        """The first unread comment of the thread; False where all is read."""
        if self._painter is None or not any(self._painter.unread):
            return False
        return self.go_to(self._comment_of(self._painter.unread.index(1)))

    def _jump(self, wanted: Callable[[int], bool], direction: int) -> bool:
        if self._painter is None:
            return False
        nodes = range(self.cursor + 1, self.layout_.size) if direction > 0 else range(self.cursor - 1, -1, -1)
        left = self.count()
        target = -1
        for node in nodes:
            if wanted(node):
                target = node
                left -= 1
                if not left:
                    break
        if target < 0:
            return False
        self._open_way(target)
        self._select(target)
        return True

    def action_place(self, fraction: float) -> None:
        """Scroll so that the cursor's comment stands at that part of the view."""
        if self._painter is not None:
            self._place(fraction)

    # Folds

    def action_toggle_fold(self) -> None:
        """Fold the comment under the cursor, or unfold it."""
        if self._painter is not None:
            self._fold([self.cursor], not self.layout_.is_closed(self.cursor))

    def action_fold(self, closed: bool) -> None:
        """Fold or unfold the comment under the cursor."""
        if self._painter is not None:
            self._fold([self.cursor], closed)

    def action_fold_subtree(self) -> None:
        """Fold or unfold the comment under the cursor and everything below it."""
        if self._painter is not None:
            layout = self.layout_
            self._fold(range(self.cursor, layout.ends[self.cursor]), not layout.is_closed(self.cursor))

    def action_fold_or_parent(self) -> None:
        """Fold an open comment that has replies, else go to the parent."""
        if self._painter is None:
            return
        layout, node = self.layout_, self.cursor
        if node == POST:
            self.post_message(self.Left())
        elif not layout.is_closed(node) and layout.ends[node] > node + 1:
            self._fold([node], True)
        else:
            self.action_parent()

    class Left(Message):
        """`h` at the top of a thread: the reader wants out of it."""

    def action_unfold_or_reply(self) -> None:
        """Unfold a folded comment, else go to its first reply."""
        if self._painter is None:
            return
        layout, node = self.layout_, self.cursor
        if layout.is_closed(node):
            self._fold([node], False)
        elif node + 1 < layout.ends[node] or (node == POST and layout.size > 1):
            self._select(node + 1)
        else:
            self._refuse("no replies here")

    def action_open_all(self) -> None:
        """Unfold everything."""
        if self._painter is not None:
            self._fold(range(self.layout_.size), False)

    def action_fold_to_level(self, level: int) -> None:
        """Show comments above `level` in full and those at it as one line; 0 folds all."""
        if self._painter is not None:
            self._kept(lambda: self._to_level(level))
            self._say_folds()

    def action_fold_by(self, levels: int) -> None:
        """Unfold one level more, or one less."""
        if self._painter is not None:
            self.action_fold_to_level(max(self.layout_.level + levels * self.count(), 0))

    def action_fold_read(self) -> None:
        """Fold every comment whose whole subtree is read."""
        if self._painter is None:
            return
        layout, unread = self.layout_, self._painter.unread
        read = [n for n in range(1, layout.size) if not any(unread[n : layout.ends[n]])]
        if read:
            self._fold(read, True)
        else:
            self._refuse("nothing here is read to its end")

    def _to_level(self, level: int) -> None:
        self.layout_.fold_to_level(level)
        self.layout_.arrange()

    def _fold(self, nodes: Iterable[int], closed: bool) -> None:
        def fold() -> None:
            self.layout_.fold(nodes, closed)
            self.layout_.arrange()

        self._kept(fold)
        self._say_folds()

    def _say_folds(self) -> None:
        assert self.thread is not None
        folded = self.layout_.folded
        self.post_message(
            self.FoldsChanged(frozenset(c.id for n, c in enumerate(self.thread.comments, 1) if folded[n]))
        )

    def _open_way(self, node: int) -> None:
        """Open what hides the node, for good: the reader goes there."""
        if hidden_by := self.layout_.hidden_by(node):
            self.layout_.fold(hidden_by, False)
            self.layout_.arrange()
            self._update_size()
            self._strips.clear()
            self._say_folds()

    # Lines and scrolling

    def _kept(self, change: Callable[[], None]) -> None:
        """Make a change of the layout with the comment under the cursor kept on its line of the screen."""
        if self._wanted is not None:  # not drawn yet: the place is still to be taken
            change()
            self._settle()
            return
        layout = self.layout_
        line = layout.top(self.cursor) - self.scroll_offset.y
        change()
        self._strips.clear()
        self.cursor = layout.shown_for(self.cursor)
        self._update_size()
        top = layout.top(self.cursor)
        if layout.is_closed(self.cursor) or line >= 0:
            line = min(max(line, 0), max(self.size.height - 1, 0))
        self._scroll(top - line)
        self.refresh()
        self.restart_seen()

    def _relayout(self) -> None:
        self._strips.clear()
        if self._painter is not None and self.size.width:
            self._painter.width = self._inner_width
            self._painter.layout.measure()
            self._settle()
        self.refresh()

    def _remeasure(self) -> None:
        assert self._painter is not None
        self._painter.width = self._inner_width
        self.layout_.measure()

    def _settle(self) -> None:
        """Take the wanted place, once there is a size to take it in."""
        self._update_size()
        wanted, self._wanted = self._wanted, None
        if wanted is None or self._painter is None:
            return
        node = self._node_of(wanted.comment_id)
        self.cursor = self.layout_.shown_for(node)
        self._scroll(self.layout_.top(self.cursor) - wanted.line)
        self.refresh()

    def _node_of(self, comment_id: str | None) -> int:
        assert self.thread is not None
        return POST if comment_id is None else self.thread.positions.get(comment_id, -1) + 1

    @property
    def _inner_width(self) -> int:
        # The scroll bar's column stays free always, or text would be wrapped again when it comes and goes.
        return max(self.container_size.width - 1, 8)

    def _update_size(self) -> None:
        lines = self._painter.layout.lines if self._painter else 0
        self.virtual_size = Size(self._inner_width, lines)

    def _scroll(self, line: int) -> None:
        self.scroll_to(y=line, animate=False, immediate=True, force=True)

    def _place(self, fraction: float) -> None:
        height = self.layout_.bottom(self.cursor) - self.layout_.top(self.cursor)
        room = max(self.size.height - height, 0)
        self._scroll(self.layout_.top(self.cursor) - int(room * fraction))

    def _select(self, node: int, from_below: bool = False) -> None:
        """Move the cursor and show the comment whole; of a taller one, the end that one comes by."""
        self.cursor = node
        layout, height = self.layout_, self.size.height
        top, bottom = layout.top(node), layout.bottom(node)
        last = bottom - 1 if bottom - top > 1 else bottom  # the blank line may stay outside
        view = self.scroll_offset.y
        if last - top > height:
            self._scroll(last - height if from_below else top)
        elif top < view:
            self._scroll(top)
        elif last > view + height:
            self._scroll(last - height)

    def _show_line(self, line: int) -> None:
        view, height = self.scroll_offset.y, self.size.height
        if not view + 1 <= line < view + height - 1:
            self._scroll(line - height // 3)

    def watch_cursor(self, before: int, after: int) -> None:
        """Draw both comments again and say where the reader is."""
        if self._painter is None:
            return
        for node in (before, after):
            self._strips.pop((node, True), None)
            self._strips.pop((node, False), None)
        self.refresh()
        self.restart_seen()
        self.post_message(self.Highlighted(self.comment_id))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """What stands on the screen is seen from now on."""
        super().watch_scroll_y(old_value, new_value)
        self.restart_seen()

    # Read state

    def restart_seen(self) -> None:
        """Begin anew to count how long the screen has stood still."""
        if self._seen_timer is None:
            if self.is_mounted:
                self._seen_timer = self.set_timer(SEEN_AFTER, self._say_seen)
        else:
            self._seen_timer.reset()
            self._seen_timer.resume()

    def _say_seen(self) -> None:
        self._seen_timer = None
        if self._painter is None or not self.display or not self.has_focus or not self.app.app_focus:
            return
        layout, top = self.layout_, self.scroll_offset.y
        bottom = top + self.size.height
        unread = self._painter.unread
        seen = [
            node
            for node in layout.between(top, bottom)
            if unread[node] and not layout.is_closed(node) and layout.bottom(node) - 1 <= bottom
        ]
        if seen:
            self.post_message(self.Seen(tuple(filter(None, map(self._comment_of, seen)))))

    def _mark_unread(self, painter: CommentPainter, read: Collection[str]) -> None:
        painter.unread = bytearray([0, *(c.id not in read for c in painter.thread.comments)])

    def _comment_of(self, node: int) -> str | None:
        return self._painter.id_of(node) if self._painter else None

    # Events

    def on_focus(self) -> None:
        """What is on the screen is being read from now on."""
        self.restart_seen()
        self._redraw(restyle=True)

    def on_blur(self) -> None:
        """The cursor's line loses its colour."""
        self._redraw(restyle=True)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew; the comment under the cursor stays on its line of the screen."""
        if self._painter is None:
            return
        if self._wanted is not None:
            self._relayout()
        else:
            self._kept(self._remeasure if self._painter.width != self._inner_width else self._update_size)

    def on_click(self, event: events.Click) -> None:
        """Select the comment; on a guide fold the comment that the guide belongs to."""
        offset = event.get_content_offset(self)
        if self._painter is None or offset is None:
            return
        line = self.scroll_offset.y + offset.y
        if line >= self.layout_.lines:
            return
        node = self.layout_.at_line(line)
        if (guide := self._guide_at(node, offset.x)) is not None:
            self.cursor = guide
            self._fold([guide], not self.layout_.is_closed(guide))
        else:
            self.cursor = node

    def _guide_at(self, node: int, x: int) -> int | None:
        """The comment whose guide or fold sign is drawn at that cell."""
        assert self._painter is not None
        if node == POST:
            return None
        depth = self.layout_.depths[node]
        shown, step = self._painter.indent(depth)
        column = (x - 2) // step
        if not 0 <= column <= shown:
            return None
        chain = [node, *self.layout_.ancestors(node)]
        return chain[shown - column]

    def notify_style_update(self) -> None:
        """Another theme: nothing drawn before is right."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    def _refuse(self, reason: str) -> None:
        self.post_message(self.Refused(reason))

    def _redraw(self, *, restyle: bool = False) -> None:
        if restyle:
            self._styles.clear()
        self._strips.clear()
        self.refresh()

    # Drawing

    def _look(self, part: str) -> Style:
        """The look of a part; of the view itself for an empty name. Textual works them out anew each time."""
        style = self._styles.get(part)
        if style is None:
            style = look(self, f"thread--{part}") if part else self.rich_style
            self._styles[part] = style
        return style

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        line = self.scroll_offset.y + y
        painter = self._painter
        if painter is None or line >= painter.layout.lines:
            return Strip.blank(self.size.width, self._look(""))
        node = painter.layout.at_line(line)
        key = (node, node == self.cursor)
        strips = self._strips.get(key)
        if strips is None:
            if len(self._strips) > _KEPT_STRIPS:
                self._strips.clear()
            base, width = self._look(""), self.size.width
            strips = [_based(strip, base).extend_cell_length(width, base) for strip in painter.strips(*key)]
            self._strips[key] = strips
        return strips[line - painter.layout.top(node)]


def _based(strip: Strip, base: Style) -> Strip:
    """The strip on the widget's own colours."""
    return Strip(
        strip._segments if not base else [s._replace(style=base + (s.style or Style.null())) for s in strip]
    )
