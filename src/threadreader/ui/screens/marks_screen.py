"""Every mark of all posts: to look through, to go to, to edit, to move, to export, to remove."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.timer import Timer

from threadreader.anchoring import is_passage, quote_in, word_changes
from threadreader.errors import ThreadReaderError
from threadreader.library import Library
from threadreader.model import NOTE_NAMES, Annotation, ListedMark, Thread, collapsed
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.exporting import Exportable
from threadreader.ui.screens.highlighting import Highlighting
from threadreader.ui.screens.keyed_screen import NOT_KEPT, hinted
from threadreader.ui.screens.marking import Target
from threadreader.ui.screens.sifting import Sifting
from threadreader.ui.screens.taking import Taking
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.mark_list import MarkList
from threadreader.ui.widgets.mark_preview import MarkPreview, PreviewedMark
from threadreader.ui.widgets.row_list import cut

PREVIEW_AFTER = 0.1  # seconds that the cursor rests on a mark before it is shown in full
_HEADING = 60  # cells of a title

# Which action makes one, and what its key does.
_HOW = {
    "bookmark": ("mark.bookmark", "on a comment sets one"),
    "note": ("mark.note", "on a comment writes one"),
    "highlight": ("mark.select", "on a comment selects a passage"),
}


class MarksScreen(Sifting[Target | None], Taking[Target | None]):
    """Returns where to go, or None. A `query` is what is listed to begin with."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("marks.back", "q,h,left", "dismiss(None)", "Back", "Panes", footer="Back"),
        Key("marks.attach", "=", "attach", "Attach to another comment", "Mark", footer="Attach"),
        Key("marks.detach", "-", "detach", "Take it off its comment: it keeps its words", "Mark"),
        Key("marks.preview", "p", "preview", "Show or hide the mark in full", "Panes"),
        Key("marks.preview-down", "J", "scroll_preview(1)", "Scroll what is shown in full", "Move"),
        Key("marks.preview-up", "K", "scroll_preview(-1)", "Scroll it up", "Move"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  (Textual's own declaration)

    DEFAULT_CSS = """
    MarksScreen #marks { height: 1fr; }
    MarksScreen MarkList { width: 1fr; height: 1fr; }
    MarksScreen MarkPreview { width: 1fr; height: 1fr; border-left: vkey $panel; }
    MarksScreen.-narrow #marks { layout: vertical; }
    MarksScreen.-narrow MarkPreview { border-left: none; border-top: hkey $panel; height: 2fr; }
    MarksScreen.-narrow MarkList { height: 3fr; }
    MarksScreen.-bare MarkPreview, MarksScreen.-low MarkPreview { display: none; }
    MarksScreen QueryLine { display: none; }
    MarksScreen.-filtering QueryLine { display: block; }
    """

    def __init__(self, library: Library, glyphs: Glyphs, query: str = "") -> None:
        super().__init__(library, glyphs, query)
        self._resting: Timer | None = None  # until the mark under the cursor is shown in full
        self._thread: Thread | None = None  # that was read last, for what is shown in full

    @property
    def preview(self) -> MarkPreview:
        """The mark under the cursor in full."""
        return self.query_one(MarkPreview)

    def on_mount(self) -> None:
        """Show what there is."""
        self.marks.focus()
        self.reload()

    def why_empty(self, is_any: bool) -> str:
        """How a mark is made, where there is none; else how the filter is cleared."""
        kind = self.query_text.removeprefix("kind:")
        if kind in _HOW and (self.query_text == self._begun_with or not is_any):
            how = hinted(f"No {kind}s yet", self._how(kind))
            return f"{how}."
        if not is_any:
            return hinted("No marks yet", *map(self._how, _HOW)) + "."
        return super().why_empty(is_any)

    def _how(self, kind: str) -> tuple[str, str]:
        action, does = _HOW[kind]
        # Asked of the reader's keys, where it is done: what makes a highlight has no key here.
        keys = [key.sign(typing=False) for key in self.keymap.keys_of(Highlighting) if key.id == action]
        return (self.glyphs.spelt(keys[0]) if keys and keys[0] else "", does)

    @on(MarkList.Chosen)
    def _open_mark(self, event: MarkList.Chosen) -> None:
        listed = event.row.listed
        if listed.is_lost:
            told = f"{listed.anchored.reason}: the words are kept here"
            self.say(self.with_key(told, "marks.attach", "attaches it to another"))
        else:
            self.dismiss((listed.mark.post_id, listed.mark.comment_id))

    # What is marked from here

    def target(self) -> Target | None:
        """What the mark under the cursor stands on, while it is there."""
        here = self.marks.row
        if here is None or here.listed.is_lost or here.mark.post_id not in self._post_ids():
            return None
        return here.mark.post_id, here.mark.comment_id

    def mark_here(self) -> Annotation | None:
        """The mark under the cursor."""
        here = self.marks.row
        return None if here is None or here.listed.is_of_tags else here.mark

    def marks_changed(self, message: str) -> None:
        """Show the list as it is now."""
        self._thread = None
        self.reload(message)

    def _post_ids(self) -> set[str]:
        return {row.post.id for row in self.library.posts_as_they_came()}

    def action_note_in_editor(self) -> None:
        """Edit the note under the cursor in the reader's editor, or write one; of the lost only the first."""
        mark = self.mark_here()
        if mark and mark.kind != "bookmark" and not self.library.read_only:
            with self.refusals():
                draft = self.library.annotations.draft(mark.post_id, mark.comment_id)
                text = draft.text if draft and draft.note_id == mark.id else mark.text
                self._edit_elsewhere((mark.post_id, mark.comment_id), text, mark.id)
        elif self.target() is None:
            self.say("the comment is gone: no note can be written on it")
        else:
            super().action_note_in_editor()

    def action_remove(self) -> None:
        """Remove what is chosen, all in one step."""
        rows = self.chosen()
        if not rows:
            self.say("no mark here to remove")
            return
        marks = [row.mark.id for row in rows if not row.is_of_tags]
        tagged = [(row.mark.post_id, row.mark.comment_id) for row in rows if row.is_of_tags]
        with self.refusals():
            removed = self.library.annotations.remove_all(marks, tagged)
            what = f"{removed} removed" if len(rows) > 1 else f"{rows[0].kind} removed"
            self.marks_changed(self.undoable(what))

    @work
    async def action_tags(self) -> None:
        """Tag what is chosen: one as the dialog says, several beside the tags that they have."""
        from threadreader.ui.dialogs.tags_dialog import TagsDialog

        rows, store = self.chosen(), self.library.annotations
        targets = list(
            dict.fromkeys((row.mark.post_id, row.mark.comment_id) for row in rows if not row.is_lost)
        )
        if not targets:
            self.say("nothing here to tag: the comment is gone" if rows else "nothing here to tag")
            return
        if self.library.read_only:
            self.say(NOT_KEPT)
            return
        there = rows[0].tags if len(rows) == 1 else ()
        heading = (
            f"Tags of {rows[0].place or 'the post'}" if len(rows) == 1 else f"More tags for {len(targets)}"
        )
        tags = await self.app.push_screen_wait(TagsDialog(heading, there, store.known_tags()))
        if tags is None:
            return
        told = " ".join(f"#{tag}" for tag in tags) or "no tags"
        with self.refusals():
            if len(rows) == 1:
                changed = store.set_tags(*targets[0], tags)
            else:
                changed = store.tag_all(targets, tags)
                told = f"{told} on {changed}"
            if changed:
                self.marks_changed(self.with_key(told, "mark.undo", "takes it back"))
            else:
                self.say("the tags are as they were")

    @work
    async def action_attach(self) -> None:
        """Choose the comment that the mark under the cursor is to stand on."""
        here = self.marks.row
        if here is None or here.listed.is_of_tags or here.mark.post_id not in self._post_ids():
            self.say("no mark here, or its post is gone")
            return
        from threadreader.ui.screens.attach_screen import AttachScreen

        thread = self.library.index.thread(here.mark.post_id)
        comment_id = await self.app.push_screen_wait(AttachScreen(thread, here.listed.anchored, self.glyphs))
        if comment_id is None:
            return
        with self.refusals():
            anchored = self.library.attach(here.mark.id, (thread.post.id, comment_id))
            told = f"attached, {anchored.reason}" if anchored.reason else "attached"
            self.marks_changed(self.with_key(told, "mark.undo", "takes it back"))

    def action_detach(self) -> None:
        """Take the mark under the cursor off its comment."""
        mark = self.mark_here()
        if mark is None:
            self.say("no mark here to detach")
        elif mark.is_detached:
            self.say(self.with_key("it stands on no comment", "marks.attach", "attaches it to one"))
        else:
            with self.refusals():
                self.library.annotations.detach(mark.id)
                self.marks_changed(self.with_key("detached", "mark.undo", "takes it back"))

    def exportables(self) -> Mapping[str, Exportable]:
        """The marks that are chosen, or shown; else what any screen offers."""
        from threadreader.library.export_request import Request

        shown = [row.listed for row in self.marks.rows]
        chosen = [row.listed for row in self.marks.rows if row.is_chosen]
        there: dict[str, Exportable] = {}
        for name, rows, query in (("chosen", chosen, "chosen"), ("shown", shown, self.query_text)):
            if rows:
                told = (
                    f"the {len(rows)} marks that are {name}" if len(rows) > 1 else f"the mark that is {name}"
                )
                there[name] = Exportable(told, Request((), everything=True, marks=rows, query=query))
        return {**there, **super().exportables()}

    # In full

    def action_preview(self) -> None:
        """Show the mark under the cursor in full, or the list alone."""
        self.toggle_class("-bare")

    def action_scroll_preview(self, direction: int) -> None:
        """Scroll what is shown in full by half of its height."""
        by = direction * self.count() * max(self.preview.size.height // 2, 1)
        self.preview.scroll_relative(y=by, animate=False)

    def show_preview_soon(self) -> None:
        """Show the mark under the cursor once it rests."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(PREVIEW_AFTER, self._show_preview)

    async def _show_preview(self) -> None:
        here = self.marks.row
        shown: PreviewedMark | None = None
        if here is not None:
            try:
                shown = self._previewed(here.listed)
            except ThreadReaderError as error:
                self.say(str(error))
        await self.preview.show(shown)

    def _previewed(self, listed: ListedMark) -> PreviewedMark:
        mark, anchored = listed.mark, listed.anchored
        text = self._text(listed)
        was = mark.quote.copy.text if mark.quote.copy else mark.quote.exact
        lit = anchored.span if text is not None else None
        if text is None:  # gone: what is kept of it
            text, was = was, ""
            copy = mark.quote.copy
            if is_passage(mark):
                lit = quote_in(text, mark.quote) if copy else (0, len(text))
        noun = "tags" if listed.is_of_tags else NOTE_NAMES[mark.note_kind] if mark.noted_as else mark.kind
        noun = f"{noun} on a highlight" if mark.kind == "highlight" and mark.noted_as else noun
        colour = f" ({mark.colour})" if mark.colour else ""
        title = cut(listed.title, _HEADING, self.glyphs.ellipsis)
        about = [*self._times(listed), *([f"on words by {listed.by}"] if listed.by else [])]
        told = f"{anchored.state}: {anchored.reason}" if anchored.reason else anchored.state
        is_edited = bool(was) and mark.comment_id is not None and collapsed(was) != collapsed(text)
        is_edited = is_edited and (mark.quote.copy is not None or not is_passage(mark))
        return PreviewedMark(
            heading=f"{noun}{colour} {self.glyphs.between} {listed.place or ''} {title}".replace("  ", " "),
            about=f" {self.glyphs.between} ".join(about),
            doubt="" if anchored.state == "exact" and not anchored.reason else told,
            tags=" ".join(f"#{tag}" for tag in listed.tags),
            note=mark.text,
            text=text,
            lit=lit,
            changes=tuple(word_changes(was, text)) if is_edited and not listed.is_of_tags else (),
        )

    def _times(self, listed: ListedMark) -> list[str]:
        """When a mark was made, and how long ago; and when it was changed."""
        if listed.is_of_tags:
            return []
        mark, form = listed.mark, self.marks.view_settings.dates
        made, changed = (when.astimezone().strftime(form) for when in (mark.created, mark.updated))
        since = f"made {made} ({age(dt.datetime.now(dt.UTC) - mark.created)})"
        return [since, f"changed {changed}"] if changed != made else [since]

    def _text(self, listed: ListedMark) -> str | None:
        """What the mark is on, as it is now; None where that is gone."""
        mark = listed.mark
        if listed.is_lost or mark.post_id not in self._post_ids():
            return None
        thread = self._thread
        if thread is None or thread.post.id != mark.post_id:
            thread = self._thread = self.library.index.thread(mark.post_id)
        if mark.comment_id is not None:
            at = thread.positions.get(mark.comment_id)
            return None if at is None else thread.comments[at].text
        return thread.body if is_passage(mark) else thread.post.title


def age(passed: dt.timedelta) -> str:
    """How long ago something was, in the largest unit of which there was one."""
    for days, noun in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        if count := passed.days // days:
            return f"{count} {noun}{'s' if count > 1 else ''} ago"
    return "today" if passed.days == 0 else "not yet by this clock"
