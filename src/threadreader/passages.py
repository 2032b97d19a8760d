"""Where words, sentences and paragraphs begin and end in a text. Pure.

Each of `words`, `sentences` and `paragraphs` cuts a text into pieces that join up to it again: what stands
between two words belongs to the first of them. What is to be lit of pieces is told by `lit`.
"""

import re
from collections.abc import Callable, Iterable, Sequence

Span = tuple[int, int]
Cut = Callable[[str], list[Span]]

# Scripts that set no blanks between words: each character is taken for a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# What no letter is and yet part of a word: accents, vowel signs, the joiners of scripts and of emoji.
_SIGNS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u200c\u200d"
)
_LETTERS = rf"(?:(?![{_UNSPACED}])[\w{_SIGNS}])+"
_WORD = re.compile(
    rf"[{_UNSPACED}][{_SIGNS}]*"
    rf"|{_LETTERS}(?:['’\u2010\u2011.·-]{_LETTERS})*"  # don’t, well-known, e.g, 3.5, example.org
)

_CLOSING = "\"'”’»›)\\]"
_END = re.compile(
    rf"(?P<wide>[。！？｡]+[」』）〉》”’]*)\s*"
    rf"|(?P<signs>[.!?…]+)(?P<closing>[{_CLOSING}]*)(?:\s+|$)"
    r"|\n(?:[^\S\n]*\n)+\s*"  # a paragraph's end is a sentence's
    r"|\n(?=[^\S\n]*(?:[-*•>–]|\d{1,3}[.)])[^\S\n])"  # so is what stands before an item
)
_WORD_BEFORE = re.compile(r"[^\s(\[“„«\"']*$")
_LONGEST_WORD = 40  # characters that are looked at before a full stop
_ABBREVIATIONS = frozenset(
    "al approx art bd bzw ca cf ch cp dr ed eds etc evtl fig ggf hr inc jr lit ltd mme mr mrs ms nr núm p pág"
    " pp prof resp sr sra st str tel usw vgl viz vol vs z zzgl".split()
)
_DOTTED = re.compile(r"(?:\w\.)+\w?", re.UNICODE)  # e.g., i.e., U.S., z.B.
_PARAGRAPH_END = re.compile(r"\n(?:[^\S\n]*\n)+\s*")


def words(text: str) -> list[Span]:
    """A piece for each word; an apostrophe or hyphen within one parts nothing."""
    return _pieces(text, (found.start() for found in _WORD.finditer(text)))


def sentences(text: str) -> list[Span]:
    """A piece for each sentence: to a full stop and the like with what closes behind it, or a paragraph.

    An abbreviation, an initial and the number of an item end none.
    """
    return _pieces(text, (found.end() for found in _END.finditer(text) if _ends(text, found)))


def paragraphs(text: str) -> list[Span]:
    """A piece for each paragraph, with the blank lines after it."""
    return _pieces(text, (found.end() for found in _PARAGRAPH_END.finditer(text)))


def lit(text: str, cut: Cut, piece: Span) -> Span:
    """What of a piece is lit: without the white space around it, and of a word nothing but the word."""
    start, end = piece
    if cut is words:
        found = _WORD.search(text, start, end)
        return found.span() if found else (start, start)
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def all_lit(text: str, cut: Cut) -> list[Span]:
    """What can be lit of the pieces of `text`, in order; no piece without anything."""
    return [span for piece in cut(text) if (span := lit(text, cut, piece))[0] < span[1]]


def widened(spans: Sequence[Span], passage: Span, *, backward: bool = False) -> Span | None:
    """The passage up to the ends of the `spans` that it touches; if it is these already, with one more.

    That one comes after the passage, or with `backward` before it; None where there is none.
    """
    start, end = passage
    touched = [span for span in spans if span[0] < end and span[1] > start]
    whole = (min(start, touched[0][0]), max(end, touched[-1][1])) if touched else passage
    if whole != passage:
        return whole
    if backward:
        before = [span for span in spans if span[1] <= start]
        return (before[-1][0], end) if before else None
    after = next((span for span in spans if span[0] >= end), None)
    return (start, after[1]) if after else None


def _pieces(text: str, borders: Iterable[int]) -> list[Span]:
    """The parts of `text` between `borders`; what stands before the first word belongs to it."""
    edges = sorted({border for border in borders if 0 < border < len(text)})
    return [piece for piece in zip([0, *edges], [*edges, len(text)], strict=True) if piece[0] < piece[1]]


def _ends(text: str, found: re.Match[str]) -> bool:
    """Does a sentence end with what was found?"""
    signs = found["signs"]
    if not signs:
        return True
    following = text[found.end() : found.end() + 1]
    if (found["closing"] or len(signs) > 1) and following.islower():
        return "\n\n" in found.group()  # “Why?” he asked; and then … nothing
    if signs != "." or found["closing"]:
        return True
    at = found.start()
    before = _WORD_BEFORE.search(text[max(at - _LONGEST_WORD, 0) : at])
    word = before.group() if before else ""
    if "\n\n" in found.group() or not following:
        return True
    return not (
        word.casefold() in _ABBREVIATIONS
        or _DOTTED.fullmatch(word)
        or (len(word) == 1 and word.isupper() and word != "I")
        or (word.isdecimal() and text[text.rfind("\n", 0, at) + 1 : at].strip() == word)
    )
