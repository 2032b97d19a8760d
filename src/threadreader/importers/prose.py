"""Texts of posts and comments: paragraphs joined, titles derived, signatures noticed."""

import re
from collections.abc import Iterable, Sequence

from threadreader.importers import dates, footers
from threadreader.model import DraftComment, ThreadWarning, is_rule

TITLE_LENGTH = 72  # characters of a derived title at most, with its `…`
UNTITLED = "Untitled"

_LIST_ITEM = re.compile(r"(?:[-•*]|\d{1,3}[.)])\s")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s(?![a-zß-ÿ]))|[。！？]+[」』”’）]*")
_TITLE_SEARCH = 400  # characters in which a first sentence is looked for

_SIGNATURE_LENGTH = 40
_SIGNATURE_WORDS = 4
_DASHES = "-—–―~ "
_NAME_WORD = re.compile(r"['’‘]?([^\W\d_])(?:[^\W\d_]|['’.-])*")
_LOWER_IN_NAMES = frozenset("& af and da de del den der di du e el la le of the und van von y".split())
# A line that begins with one of these closes or exclaims.
_NO_NAMES = frozenset(
    "absolutely agreed amen anon anonymous best bravo brilliant cheers congratulations danke discuss ditto "
    "enjoy exactly god good goodbye gracias grazie great grüße happy hello hear indeed just love merci merry "
    "never no nonsense obrigado oh ok okay quite regards right rubbish same seconded shame sincerely sorry "
    "thank thanks this true well wonderful wow yes yours".split()
)


def joined(paragraphs: Iterable[str]) -> str:
    """One text from `paragraphs`: a blank line between them, none between the items of a list."""
    parts: list[str] = []
    in_list = False
    for paragraph in paragraphs:
        is_item = _LIST_ITEM.match(paragraph) is not None
        if parts:
            parts.append("\n" if in_list and is_item else "\n\n")
        parts.append(paragraph)
        in_list = is_item
    return "".join(parts)


def comment(text: str, parent: int | None, warnings: Sequence[ThreadWarning] = ()) -> DraftComment:
    """A comment of `text`, with the name that it seems to end in."""
    return DraftComment(text, parent, signed=signature(text), warnings=tuple(warnings))


def derived_title(body: str) -> str:
    """The first sentence of `body`, cut at a word where it is long; `UNTITLED` for a body without words."""
    first = next((line for line in body.split("\n") if line and not is_rule(line)), "")
    line = " ".join(first[:_TITLE_SEARCH].split())
    end = _SENTENCE_END.search(line)
    sentence = line[: end.end()] if end else line
    if not sentence:
        return UNTITLED
    return sentence if len(sentence) <= TITLE_LENGTH and len(first) < _TITLE_SEARCH else _cut(sentence)


def _cut(sentence: str) -> str:
    head = sentence[:TITLE_LENGTH]
    words = head.rsplit(" ", 1)[0] if " " in head else head[:-1]
    return words.rstrip(" ,;:.–—-") + "…"


def signature(text: str) -> str | None:
    """The name that `text` seems to end in, without the dash before it; None where its last line is no name.

    A name is a last line of one to four words that begin with a capital (`de`, `of` and the like aside),
    without digits or a full stop, under a line that could be no name itself: a list of names signs nothing.
    """
    above, _, last = text.rpartition("\n")
    previous = above.rstrip("\n").rpartition("\n")[2]
    if not above or _is_item(last, previous):
        return None
    name = last.strip(_DASHES)
    return name if _is_name(name) and not _is_name(previous.strip(_DASHES)) else None


def _is_item(line: str, previous: str) -> bool:
    """Whether `line` is an item of a list: a dash before it makes it one only under another or a colon."""
    if not _LIST_ITEM.match(line):
        return False
    return not line.startswith("-") or previous.endswith(":") or _LIST_ITEM.match(previous) is not None


def _is_name(line: str) -> bool:
    words = line.split()
    if not words or len(words) > _SIGNATURE_WORDS or len(line) > _SIGNATURE_LENGTH or line.endswith("."):
        return False
    if words[0] in _LOWER_IN_NAMES or words[0].casefold() in _NO_NAMES:
        return False
    if line in footers.WORDS or (len(words) == 1 and dates.is_part(line)):
        return False
    return all(word in _LOWER_IN_NAMES or _is_capitalised(word) for word in words)


def _is_capitalised(word: str) -> bool:
    match = _NAME_WORD.fullmatch(word)
    return match is not None and match.group(1).isupper()
