"""The signs that the widgets draw, once for terminals that speak UTF-8 and once in plain ASCII."""

from dataclasses import dataclass

from threadreader.model import NoteKind

_SPELT = str.maketrans(
    {"↓": "Down", "↑": "Up", "←": "Left", "→": "Right", "·": "-", "…": "~", "›": ">", "“": '"', "”": '"'}
)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of signs; each is one cell wide, so that columns stay put, but `label` and `left_out`."""

    cursor: str = "▌"
    guide: str = "│"
    open: str = "▾"
    closed: str = "▸"
    leaf: str = "·"
    unread: str = "●"
    read: str = "○"
    hit: str = "◆"
    saved: str = "◇"
    branch: str = "├"
    elbow: str = "└"
    bookmark: str = "★"
    note: str = "✎"
    question: str = "?"
    claim: str = "☐"
    quote: str = "❝"
    label: tuple[str, str] = ("‹", "›")  # what stands around a person's label
    dimmed: str = "◌"
    news: str = "✦"
    mended: str = "¶"
    warning: str = "!"
    deep: str = "↳"
    rule: str = "─"
    between: str = "·"
    into: str = "›"
    instead: str = "→"
    ellipsis: str = "…"
    left_out: str = "···"
    is_plain: bool = False

    def of_note(self, kind: NoteKind) -> str:
        """The sign of a kind of note."""
        signs = {"question": self.question, "claim": self.claim, "quote": self.quote}
        return signs.get(kind, self.note)

    def spelt(self, words: str) -> str:
        """Words of the reader's own, with nothing in them that these signs do without."""
        return words.translate(_SPELT) if self.is_plain else words


UNICODE = Glyphs()
ASCII = Glyphs(
    cursor=">",
    guide="|",
    open="-",
    closed="+",
    leaf=".",
    unread="*",
    read="o",
    hit="#",
    saved="=",
    branch="|",
    elbow="`",
    bookmark="B",
    note="N",
    question="?",
    claim="C",
    quote='"',
    label=("{", "}"),
    dimmed="z",
    news="%",
    mended="&",
    warning="!",
    deep="^",
    rule="-",
    between="-",
    into=">",
    instead=">",
    ellipsis="~",
    left_out="...",
    is_plain=True,
)
