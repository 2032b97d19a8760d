"""Keys to begin with, as what they change in the tables of the panes. `vim` changes nothing."""

from collections.abc import Collection, Mapping

from threadreader.settings import KEYS, Keys
from threadreader.ui.keys import Keymap

# Nothing that moves needs a letter; letters are left to marks, folds and the rest.
_ARROWS = {
    "list.next": "down",
    "list.previous": "up",
    "list.first": "home",
    "list.last": "end",
    "list.page-down": "space,pagedown",
    "list.page-up": "pageup",
    "list.choose": "enter,right",
    "marks.back": "escape,left,q",
    "begun.back": "escape,left,q",
    "mark.remove": "delete,d",
    "reader.find": "ctrl+f,/",
    "thread.next": "down",
    "thread.previous": "up",
    "thread.next-sibling": "alt+down",
    "thread.previous-sibling": "alt+up",
    "thread.out": "left",
    "thread.in": "right",
    "thread.parent": "backspace",
    "thread.root": "ctrl+home",
    "thread.next-top": "ctrl+down",
    "thread.previous-top": "ctrl+up",
    "thread.first": "home",
    "thread.last": "end",
    "thread.page-down": "space,pagedown",
    "thread.page-up": "pageup",
    "thread.half-down": "shift+down",
    "thread.half-up": "shift+up",
    "thread.find-next": "f3,n",
    "thread.find-previous": "shift+f3,N",
    "thread.next-bookmark": "f4,] b",
    "thread.previous-bookmark": "shift+f4,[ b",
    "thread.next-note": "f8,] n",
    "thread.previous-note": "shift+f8,[ n",
    "thread.next-by-author": "f9,] a",
    "thread.previous-by-author": "shift+f9,[ a",
    "thread.next-link": "f12,] l",
    "thread.previous-link": "shift+f12,[ l",
    "thread.next-change": "f10,] c",
    "thread.previous-change": "shift+f10,[ c",
    "reader.next-result": "f5,] q",
    "reader.previous-result": "shift+f5,[ q",
    "reader.parents": "f7,i",
    "thread.fold-all": "-,z M",
    "thread.open-all": "+,z R",
}

# Of a sign with Alt most terminals tell Textual the sign alone, so each stands here without Alt as well.
_EMACS = {
    "find.cancel": "ctrl+g,escape",
    "list.next": "ctrl+n,down",
    "list.previous": "ctrl+p,up",
    "list.first": "alt+<,<,home",
    "list.last": "alt+>,>,end",
    "list.page-down": "ctrl+v,space,pagedown",
    "list.page-up": "alt+v,pageup",
    "list.choose": "enter,ctrl+f,right",
    "mark.bookmark": "B,ctrl+x r m",
    "mark.undo": "ctrl+_,ctrl+x u,u",
    "mark.redo": "alt+_,_,ctrl+r",
    "command.back": "ctrl+g,escape",
    "command.next": "ctrl+n,down",
    "command.previous": "ctrl+p,up",
    "command.earlier": "alt+p,alt+up",
    "command.later": "alt+n,alt+down",
    "names.back": "ctrl+g,escape",
    "names.next": "ctrl+n,down",
    "names.previous": "ctrl+p,up",
    "marks.back": "ctrl+g,escape,q,ctrl+b,left",
    "begun.back": "ctrl+g,escape,q,ctrl+b,left",
    "parents.back": "ctrl+g,escape,q",
    "reader.find": "ctrl+s,/",
    "reader.bookmarks": "ctrl+x r l,g b",
    "reader.layout": "ctrl+x 1,w",
    "reader.leave": "ctrl+g,escape",
    "reader.other-pane": "ctrl+x o,f6,g w",
    "screen.palette": "alt+x",
    "screen.quit": "ctrl+x ctrl+c,Q",
    "search.back": "ctrl+g,escape",
    "search.next": "ctrl+n,down",
    "search.previous": "ctrl+p,up",
    "thread.next": "ctrl+n,down",
    "thread.previous": "ctrl+p,up",
    "thread.next-sibling": "alt+n",
    "thread.previous-sibling": "alt+p",
    "thread.out": "ctrl+b,left",
    "thread.in": "ctrl+f,right",
    "thread.parent": "alt+u",
    "thread.root": "alt+a",
    "thread.next-top": "alt+},}",
    "thread.previous-top": "alt+{,{",
    "thread.first": "alt+<,<,home",
    "thread.last": "alt+>,>,end",
    "thread.page-down": "ctrl+v,space,pagedown",
    "thread.page-up": "alt+v,pageup",
    "thread.centre": "ctrl+l,z z",
}

PRESETS: Mapping[str, Mapping[str, str]] = {"vim": {}, "arrows": _ARROWS, "emacs": _EMACS}


def keymap_of(keys: Keys, wrong: Collection[str] = ()) -> Keymap:
    """The keymap that the settings ask for, without what is `wrong` in them, by the settings' names."""
    given = {action: one for action, one in keys.given.items() if f"{KEYS}{action}" not in wrong}
    return Keymap({**PRESETS[keys.preset], **given})
