"""Every pane with keys, and what of the keys and the theme in the settings can't be followed.

Looking needs all the tables, and so imports every screen: nothing that the first screen may wait for.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from textual.keys import Keys

from threadreader.settings import KEYS
from threadreader.settings.reading import Mistake, ReadSettings, nearest
from threadreader.ui.dialogs.changes_dialog import ChangesDialog
from threadreader.ui.dialogs.choice_dialog import ChoiceDialog
from threadreader.ui.dialogs.confirm_dialog import ConfirmDialog
from threadreader.ui.dialogs.export_dialog import ExportDialog
from threadreader.ui.dialogs.line_dialog import LineDialog
from threadreader.ui.dialogs.link_dialog import LinkDialog, OpenDialog
from threadreader.ui.dialogs.note_dialog import NoteDialog
from threadreader.ui.dialogs.person_dialog import PersonDialog
from threadreader.ui.dialogs.pipe_dialog import PipeDialog
from threadreader.ui.dialogs.tags_dialog import TagsDialog
from threadreader.ui.keys import ANY_LETTER, SIGN_NAMES, Key, Keyed, shown_way, table_of
from threadreader.ui.presets import keymap_of
from threadreader.ui.screens.attach_screen import AttachScreen
from threadreader.ui.screens.begun_screen import BegunScreen
from threadreader.ui.screens.command_screen import CommandScreen
from threadreader.ui.screens.help_screen import HelpScreen
from threadreader.ui.screens.history_screen import HistoryScreen
from threadreader.ui.screens.marks_screen import MarksScreen
from threadreader.ui.screens.names_screen import NamesScreen
from threadreader.ui.screens.parent_screen import ParentScreen
from threadreader.ui.screens.parents_screen import Chain, ParentsScreen
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.screens.search_screen import SearchScreen
from threadreader.ui.screens.tags_screen import TagsScreen
from threadreader.ui.widgets.begun_list import BegunList
from threadreader.ui.widgets.filter_line import FilterLine
from threadreader.ui.widgets.find_line import FindLine
from threadreader.ui.widgets.hit_list import HitList
from threadreader.ui.widgets.mark_list import MarkList
from threadreader.ui.widgets.name_list import NameList
from threadreader.ui.widgets.offer_list import OfferList
from threadreader.ui.widgets.post_list import PostList
from threadreader.ui.widgets.selecting import Selecting
from threadreader.ui.widgets.step_list import StepList
from threadreader.ui.widgets.tag_list import TagList
from threadreader.ui.widgets.target_list import TargetList
from threadreader.ui.widgets.thread_view import ThreadView

DIALOGS: Sequence[type[Keyed]] = (
    ChangesDialog,
    ChoiceDialog,
    ConfirmDialog,
    ExportDialog,
    HelpScreen,
    LineDialog,
    LinkDialog,
    NoteDialog,
    PersonDialog,
    OpenDialog,
    PipeDialog,
    TagsDialog,
)
# What has the keys together: the pane in focus, and the screen it is on.
TOGETHER: Sequence[tuple[type[Keyed], type[Keyed]]] = (
    (ThreadView, ReaderScreen),
    (Selecting, Selecting),  # a mode, which has them alone
    (PostList, ReaderScreen),
    (FindLine, ReaderScreen),
    (MarkList, MarksScreen),
    (FilterLine, MarksScreen),
    (TagList, TagsScreen),
    (HitList, SearchScreen),
    (NameList, NamesScreen),
    (OfferList, CommandScreen),
    (BegunList, BegunScreen),
    (StepList, HistoryScreen),
    (TargetList, AttachScreen),
    (TargetList, ParentScreen),
    (Chain, ParentsScreen),
    *((dialog, dialog) for dialog in DIALOGS),
)
_HELD = frozenset(("ctrl", "shift", "alt", "super", "hyper", "meta"))
_NAMES = SIGN_NAMES | {key.value for key in Keys if not key.value.startswith("<")} | {ANY_LETTER}

Way = tuple[str, ...]


def actions() -> dict[str, Key]:
    """Every action that keys can be given to, by id, with its keys as the tables have them."""
    nodes = dict.fromkeys(node for pair in TOGETHER for node in pair)
    return {key.id: key for node in nodes for key in table_of(node)}


def mistakes_in(read: ReadSettings, themes: Iterable[str]) -> list[Mistake]:
    """What can't be followed, in the order of the file: what was seen as it was read, and the rest."""
    found = [*read.mistakes, *_theme_mistakes(read, set(themes)), *_key_mistakes(read)]
    return sorted(found, key=lambda mistake: mistake.line or 0)


def _theme_mistakes(read: ReadSettings, themes: set[str]) -> Iterator[Mistake]:
    theme = read.settings.theme
    if theme and theme not in themes:
        yield read.mistake("theme", f'no theme "{theme}"{nearest(theme, themes)}.')


def _key_mistakes(read: ReadSettings) -> Iterator[Mistake]:
    given, known = read.settings.keys.given, actions()
    if not given:
        return
    for action, keys in given.items():
        name = f"{KEYS}{action}"
        if action not in known:
            yield read.mistake(name, f'no action "{action}"{nearest(action, known)}.')
        for way in Key(action, keys, "", "", "").alternatives:
            for key in way:
                if not _is_key(key):
                    yield read.mistake(name, f'no key "{key}"{nearest(key, _NAMES)}.')
            if way[0].isdecimal() and way != ("0",):
                yield read.mistake(name, f'"{shown_way(way)}" begins with a digit, which is a count.')
    yield from _clashes(read)


def _clashes(read: ReadSettings) -> Iterator[Mistake]:
    """Two actions on one key in a pane, and a key that would never wait for what a sequence goes on with."""
    keymap, given, told = keymap_of(read.settings.keys), read.settings.keys.given, set()
    for pane, screen in TOGETHER:
        ways: list[tuple[Way, str]] = []
        for node in (pane, screen):
            own = [(way, key.id) for key in keymap.keys_of(node) for way in key.alternatives]
            ways += own
            told |= {(way, one, way, other) for (way, one), (same, other) in _pairs(own) if way == same}
        for (short, one), (long, other) in pairwise(sorted(ways)):
            if len(short) < len(long) and long[: len(short)] == short:
                told.add((short, one, long, other))
    for short, one, long, other in sorted(told):
        mine, its = (one, other) if one in given else (other, one)
        if mine not in given:
            continue
        if short == long:
            message = f'"{shown_way(short)}" is given to "{mine}", but does "{its}" already.'
        else:
            message = (
                f'"{shown_way(short)}" does "{one}", so "{shown_way(long)}" for "{other}" is never reached.'
            )
        yield read.mistake(f"{KEYS}{mine}", message)


def _pairs(ways: list[tuple[Way, str]]) -> Iterator[tuple[tuple[Way, str], tuple[Way, str]]]:
    return ((one, other) for one, other in pairwise(sorted(ways)) if one[1] != other[1])


def _is_key(key: str) -> bool:
    """Is this a key that Textual may send?"""
    *held, last = key.split("+")
    if not set(held) <= _HELD:
        return False
    if len(last) == 1:
        return last.isalnum() and (not held or last == last.lower())
    return last in _NAMES
