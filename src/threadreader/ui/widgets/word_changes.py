"""Words that came and went, as they are drawn."""

from collections.abc import Iterable

from textual.content import Content

from threadreader.model import WordChange

# Signs and a look, for who sees no colours, and for who reads fast.
_LOOKS = {
    "same": ("", "", ""),
    "gone": ("[-", "-]", "$text-error strike"),
    "new": ("{+", "+}", "$text-success bold"),
}


def drawn(changes: Iterable[WordChange]) -> Content:
    """Both texts in one."""
    return Content.assemble(*map(_drawn, changes))


def _drawn(change: WordChange) -> tuple[str, str]:
    before, after, look = _LOOKS[change.kind]
    words = change.text.rstrip()
    return f"{before}{words}{after}{change.text[len(words) :]}", look
