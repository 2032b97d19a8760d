"""A whole thread as one scrolled text: the post, then every comment in full, foldable at any level."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.reactive import reactive

from threadreader.model import Annotation, News, Position, Thread
from threadreader.settings import View
from threadreader.ui.keys import Key, bindings
from threadreader.ui.widgets.comment_painter import CommentPainter, ThreadMarks
from threadreader.ui.widgets.finding import Finding
from threadreader.ui.widgets.glyphs import UNICODE, Glyphs
from threadreader.ui.widgets.selectable import SelectablePane
from threadreader.ui.widgets.thread_find import Lit, Span, ThreadFind
from threadreader.ui.widgets.thread_layout import POST


class ThreadView(SelectablePane):
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
        Key("thread.next-highlight", "] h", "highlighted(1)", "Next highlight, in a text too", "Walk"),
        Key("thread.previous-highlight", "[ h", "highlighted(-1)", "Previous highlight", "Walk"),
        Key("thread.next-bookmark", "] b", "bookmarked(1)", "Next bookmark", "Walk"),
        Key("thread.previous-bookmark", "[ b", "bookmarked(-1)", "Previous bookmark", "Walk"),
        Key("thread.next-by-author", "] a", "by_author(1)", "Next by this author", "Walk"),
        Key("thread.previous-by-author", "[ a", "by_author(-1)", "Previous by this author", "Walk"),
        Key("thread.next-link", "] l", "linked(1)", "Next with a link", "Walk"),
        Key("thread.previous-link", "[ l", "linked(-1)", "Previous with a link", "Walk"),
        Key("thread.next-change", "] c", "news(1)", "Next that is new or changed", "Walk"),
        Key("thread.previous-change", "[ c", "news(-1)", "Previous that is new or changed", "Walk"),
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

    found: reactive[tuple[int, int] | None] = reactive(None, repaint=False)
    """While words are looked for: which match the reader is at, from 1, and of how many."""

    @dataclass
    class FoldsChanged(Message):
        """The reader folded or unfolded; `closed` has a flag for each comment, in reading order."""

        thread: Thread
        closed: bytes

    @dataclass
    class Leapt(Message):
        """A long way was gone at once; `position` is where it began."""

        position: Position

    class Ended(Message):
        """A page was asked for past the end of the thread."""

    class UnreadExhausted(Message):
        """No unread comment is left in the direction that was asked for."""

    class Left(Message):
        """`h` at the top of a thread: the reader wants out of it."""

    def __init__(self, *, id: str | None = None, glyphs: Glyphs = UNICODE) -> None:
        super().__init__(id=id, glyphs=glyphs)
        self.view_settings = View()
        self.doubt_hint = ""  # which key does something about a doubt
        self._texts: ThreadFind | None = None
        self._finding: Finding | None = None
        self._walked_to = (POST, -1)  # the highlight that was gone to: its node, and where in the text
        self._walked_among: set[str] = set()  # the marks that were there

    @property
    def position(self) -> Position:
        """Where the reader is now; while words to find are typed, where that began."""
        began = self._finding.began if self._finding else None
        return began or super().position

    @property
    def is_finding(self) -> bool:
        """Are words being typed, or matches lit?"""
        return self._finding is not None

    @property
    def highlight_here(self) -> Annotation | None:
        """The highlight that was gone to, as long as the reader stays and marks nothing else there."""
        painter, (node, start) = self._painter, self._walked_to
        if painter is None or node != self.cursor or start < 0:
            return None
        is_newest = painter.marks.ids_on(painter.id_of(node)) <= self._walked_among
        return painter.highlights.beginning(node, start) if is_newest else None

    @property
    def looked_for(self) -> str:
        """The words whose matches are lit."""
        return self._finding.query if self._finding else ""

    @property
    def matching(self) -> Sequence[str | None]:
        """The comments that hold a match, None for the post, in order."""
        return [self._comment_of(node) for node in self._finding.nodes] if self._finding else ()

    @property
    def current_match(self) -> str | None:
        """The comment that `n` goes on from; None for the post, and where nothing is lit."""
        return self._comment_of(self._finding.node) if self._finding and self._finding.total else None

    def on_click(self, event: events.Click) -> None:
        """Select the comment; on a guide fold the comment that the guide belongs to."""
        offset = event.get_content_offset(self)
        if self._painter is None or offset is None or self.was_dragged:
            return
        line = self.scroll_offset.y + offset.y
        if line >= self.layout_.lines:
            return
        node = self.layout_.at_line(line)
        if (guide := self._painter.guide_at(node, offset.x)) is not None:
            self.cursor = guide
            self.action_toggle_fold()
        else:
            self.cursor = node

    # What the screen gives

    def load(
        self,
        thread: Thread | None,
        *,
        title: str = "",
        read: Collection[str] = (),
        marks: ThreadMarks | None = None,
        folded: Collection[str] = (),
        post_closed: bool = False,
        position: Position | None = None,
        news: Mapping[str, News] = MappingProxyType({}),
        left_out: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        """Show `thread` as the reader left it; None shows nothing.

        `news` are by comment; `left_out` says after which nodes how many comments of the post are not shown.
        """
        self.end_mode()
        self._texts = self._finding = painter = None
        self._walked_to = (POST, -1)
        # Nobody is told yet: the cursor is still in the thread before.
        self.set_reactive(ThreadView.found, None)
        if thread is not None:
            painter = CommentPainter(thread, self._look, self.glyphs, self.view_settings)
            painter.title = title or thread.post.title
            painter.set_marks(marks or ThreadMarks())
            painter.set_read(read)
            painter.news = {painter.node_of(on): kind for on, kind in news.items() if on in thread.positions}
            painter.left_out = left_out
            painter.doubt_hint = self.doubt_hint
            painter.layout.fold((n for n, c in enumerate(thread.comments, 1) if c.id in folded), True)
            painter.layout.fold([POST] if post_closed else (), True)
        self._show(painter, position or Position(None, 0))

    def set_marks(self, marks: ThreadMarks) -> set[int]:
        """The reader's bookmarks, notes, highlights or tags changed; gives the nodes that have others now."""
        painter = self._painter
        if painter is None:
            return set()
        bookmarked = set(map(painter.node_of, painter.marks.bookmarked ^ marks.bookmarked))
        if painter.marks.people != marks.people:
            self._strips.clear()
            self.refresh()
        changed = painter.set_marks(marks)
        outgrown = painter.layout.outgrown(changed) if self._wanted is None else []
        if outgrown:
            self._keep_place(lambda: painter.layout.measure_some(outgrown))
            if self.cursor in outgrown:  # a new note is to be seen whole
                self._select(self.cursor)
        else:  # most highlights and tags change no line: to arrange a long thread anew takes its time
            self._redraw_nodes(bookmarked | changed)
            self._tell_anew()
        return bookmarked | changed

    def set_read(self, read: Collection[str]) -> Collection[int]:
        """The read comments changed; gives the nodes that did."""
        changed = self._painter.set_read(read) if self._painter is not None else ()
        if changed:
            self._redraw_nodes(changed)
            self._tell_anew()
        return changed

    def set_view(self, view: View, glyphs: Glyphs) -> None:
        """Draw in another way; the reader stays where they are."""
        if (view, glyphs) == (self.view_settings, self.glyphs):
            return
        self.view_settings, self.glyphs = view, glyphs
        if self._painter is not None:
            self._painter.set_view(view, glyphs)
            if self._wanted is None:
                self._keep_place(self._wrap)

    def set_title(self, title: str) -> None:
        """The post's name changed."""
        painter = self._painter
        if painter is not None and title != painter.title:
            painter.title = title
            self._keep_place(lambda: painter.layout.measure_some([POST]))

    def light(self, spans: Mapping[str | None, Sequence[Span]]) -> None:
        """Light places in texts, by comment id; they are not walked by `n`."""
        if self._painter is not None and self.thread is not None:
            node_of, known = self._painter.node_of, self.thread.positions
            self._painter.hits = Lit(
                {node_of(on): at for on, at in spans.items() if on is None or on in known}
            )
            self._redraw()

    def go_to(self, comment_id: str | None, *, place: float | None = 0.3, unfold: bool = False) -> bool:
        """Bring a comment under the cursor; False where the thread hasn't got it.

        Its ancestors are opened, and with `unfold` the comment itself.
        """
        if self._painter is None or self.thread is None:
            return False
        if comment_id is not None and comment_id not in self.thread.positions:
            return False
        node = self._painter.node_of(comment_id)
        if self._wanted is not None:  # not drawn yet: the place is taken when there is a size
            self.layout_.fold([*([node] if unfold else []), *self.layout_.hidden_by(node)], False)
            self._wanted = Position(comment_id, 1)
            return True
        self._open_way(node)
        if unfold and self.layout_.is_closed(node):
            self._fold([node], False)
        self.cursor = node
        if place is not None:
            self._place_cursor(place)
        return True

    def go_to_first_unread(self) -> bool:
        """The first unread comment of the thread; False where all is read."""
        if self._painter is None or not any(self._painter.unread):
            return False
        return self.go_to(self._comment_of(self._painter.unread.index(1)))

    # Find

    def prepare_find(self) -> None:
        """Words will be typed: make the texts ready to be looked through."""
        if self._painter is not None and self._texts is None:
            self._texts = ThreadFind(self._painter.texts)
            self._texts.prepare()

    def forget_texts(self) -> None:
        """Let go of what was made ready to find words in, unless that goes on: memory is needed elsewhere."""
        if self._finding is None:
            self._texts = None

    def find(self, query: str) -> None:
        """Light every match of `query` and go to the first one at or after where finding began."""
        if self._painter is None:
            return
        self.prepare_find()
        assert self._texts is not None
        if self._finding is None or self._finding.began is None:
            self._finding = Finding(self._painter, self._texts, self.position)
        self._finding.look_for(query)
        self._redraw()
        self._show_match(self._finding)

    def find_again(self, query: str, here: Position) -> None:
        """Light the matches of `query` in another thread, with the reader at `here`."""
        if self._painter is None:
            return
        self.prepare_find()
        assert self._texts is not None
        self._finding = Finding(self._painter, self._texts, here)
        self._finding.look_for(query)
        self._finding.began = None
        self._go_back(here)
        self.found = (self._finding.current, self._finding.total)

    def keep_find(self) -> None:
        """Stop typing: stay here, with the matches lit and walkable; without any, finding has ended."""
        if self._finding is not None and self._finding.total:
            if self._finding.began is not None:
                self.post_message(self.Leapt(self._finding.began))
            self._finding.began = None
        else:
            self.end_find(restore=True)

    def end_find(self, *, restore: bool) -> None:
        """Forget the matches and close what they opened.

        With `restore`, go back to where finding began, unless the reader stays at a match already; else stay,
        and what shows the cursor stays open.
        """
        finding, self._finding = self._finding, None
        if finding is None:
            return
        finding.put_out()
        if restore and finding.began is not None:
            finding.close()
            self._go_back(finding.began)
        else:
            if finding.keep_open(self.cursor):
                self._say_folds()
            self._keep_place(finding.close)
        self.found = None

    def action_find_step(self, direction: int) -> None:
        """Go to the next or previous match, round the end."""
        if self._finding is None or not self._finding.total:
            self._refuse("nothing is being looked for", "reader.find", "finds in this thread")
            return
        left = self._finding.node
        if self._finding.step(direction * self.count()):
            self._redraw()
        else:
            self._redraw_nodes([left, self._finding.node])
        self._show_match(self._finding)

    def _show_match(self, finding: Finding) -> None:
        """Go to the current match; where there is none, back to where finding began."""
        if finding.total:
            self._update_size()
            self._count_about(finding.node)
            self.cursor = finding.node
            self._show_line(finding.line)
        elif finding.began is not None:
            self._go_back(finding.began)
        self.found = (finding.current, finding.total) if finding.query else None

    def _go_back(self, place: Position) -> None:
        self._strips.clear()
        self._wanted = place
        self._settle()

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
        if not self._is_cursor_in_view:  # the wheel went on without it
            self._cursor_into_view()
        if abs(by) == 1 and self._scroll_inside(by):
            return
        target = self.layout_.step(self.cursor, by)
        if target == self.cursor:
            self._refuse("this is the last comment" if by > 0 else "this is the top")
            return
        self._select(target, from_below=by < 0)

    def action_sibling(self, direction: int) -> None:
        """The next or previous comment with the same parent."""
        self._walk(lambda node: next(self.layout_.siblings(node, direction > 0), -1), "no sibling that way")

    def action_parent(self) -> None:
        """The comment that this one answers."""
        self._walk(lambda node: self.layout_.parents[node], "this is the post")

    def action_root(self) -> None:
        """The comment on the post under which this one stands."""
        self._leap()
        refusal = "this is the post" if self.cursor == POST else "this is the top of its discussion"
        self._walk(lambda node: self.layout_.root(node), refusal)

    def action_top_level(self, direction: int) -> None:
        """The next or previous comment on the post."""
        self._walk(lambda node: self.layout_.top_level(node, direction > 0), "no further comment on the post")

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
        if self._painter is None:
            return
        if self.cursor == POST and not self.scroll_offset.y:
            self._refuse("this is the top")
            return
        self._leap()
        self._select(POST)
        self._scroll(0)

    def action_last(self) -> None:
        """The last visible comment; with a count, that one of the thread."""
        if self._painter is None:
            return
        self._leap()
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
        before = self.cursor, self.scroll_offset
        self._scroll(self.scroll_offset.y + lines)
        self._cursor_into_view(prefer_last=self.scroll_offset.y >= self.max_scroll_y and lines > 0)
        if (self.cursor, self.scroll_offset) == before:
            self._refuse("this is the end" if lines > 0 else "this is the top")

    def action_unread(self, direction: int) -> None:
        """The next or previous unread comment, its way opened."""
        unread = self._painter.unread if self._painter else bytearray()
        if not self._jump(lambda node: bool(unread[node]), direction):
            self.post_message(self.UnreadExhausted())

    def action_noted(self, direction: int) -> None:
        """The next or previous comment with a note or a highlight."""
        noted = self._painter.marks.noted if self._painter else set()
        if not self._jump(lambda node: self._comment_of(node) in noted, direction):
            self._refuse("no note that way", "mark.note", "writes one")

    def action_highlighted(self, direction: int) -> None:
        """The next or previous highlight, each passage of a text by itself."""
        painter = self._painter
        if painter is None:
            return
        here = self._walked_to if self._walked_to[0] == self.cursor else (self.cursor, -1)
        place = painter.highlights.towards(here, direction * self.count())
        if place is None:
            self._refuse("no highlight that way", "mark.select", "selects a passage")
            return
        self._leap()
        node, start = self._walked_to = place
        self._walked_among = painter.marks.ids_on(painter.id_of(node))
        self._open_way(node)
        if self.layout_.is_closed(node):
            self._fold([node], False)
        self._select(node)
        self._show_line(painter.line_of(node, start))

    def action_bookmarked(self, direction: int) -> None:
        """The next or previous bookmarked comment."""
        bookmarked = self._painter.marks.bookmarked if self._painter else frozenset()
        if not self._jump(lambda node: self._comment_of(node) in bookmarked, direction):
            self._refuse("no bookmark that way", "mark.bookmark", "sets one")

    def action_by_author(self, direction: int) -> None:
        """The next or previous comment by the author of this one, or with the same signature."""
        if self.thread is None or self.cursor == POST:
            self._refuse("the post has no author that comments could share")
            return
        comments = self.thread.comments
        here = comments[self.cursor - 1]
        who = here.author or here.signed
        if who is None:
            self._refuse("nobody knows who wrote this")
        elif not self._jump(
            lambda node: node != POST and who in (comments[node - 1].author, comments[node - 1].signed),
            direction,
        ):
            self._refuse(f"nothing else by {who} that way")

    def action_linked(self, direction: int) -> None:
        """The next or previous comment with a link."""
        painter = self._painter
        if painter is None or not self._jump_to(painter.linked(self._towards(direction))):
            self._refuse("no link that way")

    def action_news(self, direction: int) -> None:
        """The next or previous comment that the newest copy brought, or has otherwise."""
        news = self._painter.news if self._painter else {}
        if not news:
            self._refuse("nothing changed since the last import")
        elif not self._jump_to(filter(news.__contains__, self._towards(direction))):
            self._refuse("nothing new or changed that way")

    def _towards(self, direction: int) -> range:
        """The nodes after the cursor, or before it, nearest first."""
        return range(self.cursor + 1, self.layout_.size) if direction > 0 else range(self.cursor - 1, -1, -1)

    def _jump(self, wanted: Callable[[int], bool], direction: int) -> bool:
        """Go to a comment of a kind as many further on as the count says; False where there is none."""
        return self._painter is not None and self._jump_to(filter(wanted, self._towards(direction)))

    def _jump_to(self, nodes: Iterable[int]) -> bool:
        """Go as far along `nodes` as the count says; False where there are none."""
        targets = list(islice(nodes, self.count()))
        if not targets:
            return False
        self._leap()
        self._open_way(targets[-1])
        self._select(targets[-1])
        return True

    def action_place(self, fraction: float) -> None:
        """Scroll so that the cursor's comment stands at that part of the view."""
        if self._painter is not None:
            self._place_cursor(fraction)

    # Folds

    def action_toggle_fold(self) -> None:
        """Fold the comment under the cursor, or unfold it."""
        if self._painter is not None:
            self._fold([self.cursor], not self.layout_.is_closed(self.cursor))

    def action_fold(self, closed: bool) -> None:
        """Fold or unfold the comment under the cursor."""
        if self._painter is not None:
            self._fold([self.cursor], closed, "this is folded already" if closed else "this is not folded")

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
            self._fold(range(self.layout_.size), False, "nothing is folded")

    def action_fold_to_level(self, level: int) -> None:
        """Show comments above `level` in full and those at it as one line; 0 folds all."""
        if self._painter is not None:
            self._change_folds(lambda: self.layout_.fold_to_level(level))

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
            self._fold(read, True, "what is read to its end is folded already")
        else:
            self._refuse("nothing here is read to its end")

    def _fold(self, nodes: Iterable[int], closed: bool, refusal: str = "") -> None:
        self._change_folds(lambda: self.layout_.fold(nodes, closed), refusal)

    def _change_folds(self, change: Callable[[], object], refusal: str = "") -> None:
        """Change folds; where that changes none, say why."""
        layout = self.layout_
        before = bytes(layout.folded), layout.revealed.copy()

        def arranged() -> None:
            change()
            layout.arrange()

        self._keep_place(arranged)
        self._say_folds()
        if (bytes(layout.folded), layout.revealed) == before:
            self._refuse(refusal or self._folds_told)

    @property
    def _folds_told(self) -> str:
        """Why a level changes nothing."""
        closed = self.layout_.folded[1:]
        if not any(closed):
            return "nothing is folded" if closed else "no comments to fold"
        return "everything is folded" if all(closed) else f"folded to level {self.layout_.level} already"

    def _say_folds(self) -> None:
        assert self.thread is not None
        self.post_message(self.FoldsChanged(self.thread, bytes(self.layout_.folded[1:])))

    def _open_way(self, node: int) -> None:
        """Open what hides the node, for good: the reader goes there."""
        if hidden_by := self.layout_.hidden_by(node):
            self.layout_.fold(hidden_by, False)
            self.layout_.arrange()
            self._update_size()
            self._strips.clear()
            self._say_folds()

    def _leap(self) -> None:
        self.post_message(self.Leapt(self.position))

    def _comment_of(self, node: int) -> str | None:
        return self._painter.id_of(node) if self._painter else None
