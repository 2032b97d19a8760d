"""Themes of our own, and the signs that stand for colours where a theme has few of them or none.

A theme of the terminal's own colours can mix none: what other themes tell by a shade of the background is
told there by underline, reverse and dim. Monochrome is one of them: each colour is the terminal's default.
"""

from textual.theme import BUILTIN_THEMES, Theme

MONOCHROME = "monochrome"

_DEFAULT = "ansi_default"
_PLAIN = {
    "ansi-background": _DEFAULT,  # Textual's own rules name both, but not every theme has them
    "ansi-foreground": _DEFAULT,
    "panel": _DEFAULT,
    "surface": _DEFAULT,
    "text-muted": _DEFAULT,
    "text-disabled": _DEFAULT,
    "foreground-muted": _DEFAULT,
    "block-cursor-background": _DEFAULT,
    "block-cursor-text-style": "reverse",
    "input-cursor-text-style": "reverse",
    "input-selection-background": _DEFAULT,
    "input-selection-foreground": _DEFAULT,
    "screen-selection-background": _DEFAULT,
    "screen-selection-foreground": _DEFAULT,
}
_COLOURS = (
    "border border-blurred scrollbar scrollbar-hover scrollbar-active scrollbar-background"
    " scrollbar-corner-color scrollbar-background-hover scrollbar-background-active"
    " link-color link-color-hover link-background-hover"
    " footer-key-foreground button-foreground primary-muted secondary-muted warning-muted error-muted"
    " success-muted accent-muted background-muted"
).split()

THEMES = (
    Theme(
        "high-contrast",
        primary="#ffd700",
        secondary="#00ffff",
        warning="#ffff00",
        error="#ff8080",
        success="#00ff66",
        accent="#ff9cff",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        variables={
            "text": "#ffffff",
            "text-muted": "#e0e0e0",
            "text-disabled": "#c0c0c0",
            "foreground-muted": "#d0d0d0",
            "primary-muted": "#0000b0",
            "warning-muted": "#503c00",
            "surface-lighten-1": "#303030",
            "border": "#ffffff",
            "scrollbar": "#ffffff",
        },
    ),
    Theme(
        MONOCHROME,
        ansi=True,
        primary=_DEFAULT,
        secondary=_DEFAULT,
        warning=_DEFAULT,
        error=_DEFAULT,
        success=_DEFAULT,
        accent=_DEFAULT,
        foreground=_DEFAULT,
        background=_DEFAULT,
        variables={**_PLAIN, **dict.fromkeys(_COLOURS, _DEFAULT)},
    ),
    # Only what can be read on black and on white alike: no yellow, no bright colours.
    Theme(
        "terminal",
        ansi=True,
        primary="ansi_magenta",
        secondary="ansi_cyan",
        warning="ansi_red",
        error="ansi_red",
        success="ansi_green",
        accent="ansi_blue",
        foreground=_DEFAULT,
        background=_DEFAULT,
        variables=_PLAIN,
    ),
)

NAMES = frozenset(BUILTIN_THEMES) | {theme.name for theme in THEMES}
"""Every theme that can be chosen."""

CSS = """
ThreadPane:ansi, RowList:ansi {
    & > .thread--about, & > .thread--anonymous, & > .thread--rule { text-style: dim; }
    & > .row--about { text-style: dim; }
    & > .thread--quote { text-style: dim italic; }
    & > .thread--guide-5 { text-style: dim; }
    & > .thread--highlight-1 { background: ansi_default; }
    & > .thread--highlight-2 { background: ansi_default; }
    & > .thread--highlight-3 { background: ansi_default; }
    & > .thread--highlight-4 { background: ansi_default; }
    & > .thread--hit { background: ansi_default; text-style: bold underline; }
    & > .thread--hit-current { color: ansi_default; background: ansi_default; text-style: bold reverse; }
    & > .thread--selected, & > .row--selected {
        color: ansi_default; background: ansi_default; text-style: underline;
    }
}
ThreadPane:ansi:focus > .thread--selected, RowList:ansi:focus > .row--selected { text-style: reverse; }
StatusLine:ansi { text-style: reverse; }
Input:ansi > .input--selection, TextArea:ansi .text-area--selection { text-style: reverse; }

ThreadReaderApp.-theme-monochrome {
    Input:ansi > .input--cursor { color: ansi_default; background: ansi_default; text-style: reverse; }
    .-ansi-scrollbar { scrollbar-color: ansi_default; scrollbar-color-hover: ansi_default; }
    ToastRack Toast { border-left: outer ansi_default; }
}

.-ascii PostList { border-right: ascii $panel; }
.-ascii SearchScreen ThreadView { border-left: ascii $panel; }
.-ascii SearchScreen.-narrow ThreadView { border-left: none; border-top: ascii $panel; }
.-ascii ReaderScreen.-narrow PostList, .-ascii ReaderScreen.-single PostList { border-right: none; }
.-ascii MarksScreen MarkPreview { border-left: ascii $panel; scrollbar-size-vertical: 0; }
.-ascii MarksScreen.-narrow MarkPreview { border-left: none; border-top: ascii $panel; }
.-ascii MarkPreview #mark-note { border-left: ascii $text-success; }
.-ascii ModalScreen > Vertical { border: ascii $primary; }
.-ascii ModalScreen VerticalScroll { border: none; scrollbar-size-vertical: 0; }
"""
