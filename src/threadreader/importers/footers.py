"""The words that end a comment: Blogger's action links, stripped of their links, in the languages it speaks.

A comment on the post ends in both links, `ReplyDelete`; a reply only in the second, `Delete`.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from threadreader.importers.asked import once_a_document

MAX_LENGTH = 48  # characters of the longest footer, with room for a blank between its words

_PUNCTUATION = ",.;:!?"
_FIRST_WORD = re.compile(r"\S{1,60}")


@dataclass(frozen=True, slots=True)
class Footers:
    """The two footers of one document."""

    comment: str  # "ReplyDelete"
    reply: str  # "Delete"
    inflections: frozenset[str] = frozenset()  # words that only begin like `reply`: "Deleted"

    def of(self, line: str) -> str | None:
        """The footer that all of the stripped `line` is, blanks aside; None for any other line."""
        if len(line) > MAX_LENGTH or not line.endswith(self.reply[-1]):
            return None
        if line in (self.comment, self.reply):
            return line
        word = _word(line)
        return next((label for label in (self.comment, self.reply) if word == _word(label)), None)

    def closing(self, line: str) -> str | None:
        """The footer that `line` is, or ends in right after words; None for another line."""
        if not line.endswith(self.reply[-1]):
            return None
        return self.of(line) or self.ending(line)

    def begun_by(self, line: str) -> str | None:
        """The footer whose letters `line` begins with, whatever follows."""
        if line.startswith(self.comment):
            return self.comment
        return self.reply if line.startswith(self.reply) else None

    def opening(self, line: str) -> str | None:
        """The footer that `line` begins with, its words glued to it; None for words that only begin so.

        A blank never follows a footer, and an inflection of its word (`Deleted by …`) is none.
        """
        label = self.begun_by(line)
        if label is None or len(line) == len(label) or line[len(label)].isspace():
            return None
        return None if _first_word(line).rstrip(_PUNCTUATION) in self.inflections else label

    def is_doubtful(self, line: str) -> bool:
        """Whether `line`, which begins with a footer, may as well begin with its word: `Delete, then …`."""
        word = _first_word(line)
        return word[-1:] in _PUNCTUATION and word[:-1] in (self.comment, self.reply)

    def ending(self, line: str, *, spaced: bool = False) -> str | None:
        """The footer that `line` ends in, right after words or, `spaced`, after a blank.

        The longer footer decides alone: `lamps. ReplyDelete` never ends in a `Delete` after `lamps. Reply`.
        """
        if not line.endswith(self.reply):  # which the comment's footer ends in, too
            return None
        label = self.comment if line.endswith(self.comment) else self.reply
        if len(line) == len(label):
            return None
        return label if line[-len(label) - 1].isspace() == spaced else None


def _first_word(line: str) -> str:
    match = _FIRST_WORD.match(line)
    return match.group() if match else ""


def _footers(reply: str, delete: str, inflections: str = "") -> Footers:
    reply, delete, inflections = (unicodedata.normalize("NFC", text) for text in (reply, delete, inflections))
    return Footers(reply + delete, delete, frozenset(inflections.split()))


KNOWN = (
    _footers("Reply", "Delete", "Deleted Deletes Deleter Deleters Deletee Deletes' Delete's Deleteable"),
    _footers("Antworten", "Löschen", "Löschend Löschende Löschenden Löschender Löschendes Löschens"),
    _footers("Répondre", "Supprimer", "Supprimera Supprimerai Supprimerait Supprimeront Supprimerons"),
    _footers("Responder", "Eliminar", "Eliminará Eliminarán Eliminaron Eliminaría Eliminarlo Eliminarla"),
    _footers("Responder", "Excluir", "Excluirá Excluirão Excluiram Excluiria Excluirei"),
    _footers("Respon", "Suprimeix", "Suprimeixen Suprimeixo"),
    _footers("Respon", "Elimina", "Eliminat Eliminada Eliminar Eliminats"),
    _footers(
        "Rispondi", "Elimina", "Eliminare Eliminata Eliminate Eliminati Eliminato Eliminando Eliminazione"
    ),
    _footers("Erantzun", "Ezabatu", "Ezabatuta Ezabatua"),
    _footers("Beantwoorden", "Verwijderen", "Verwijderend Verwijderende"),
    _footers("Svara", "Radera", "Raderad Raderade Raderar Raderas Raderat"),
    _footers("Svara", "Ta bort"),
    _footers("Svar", "Slet", "Slette Slettede Sletter Slettes Slettet"),
    _footers("Svar", "Slett", "Slette Slettede Sletter Slettes Slettet"),
    _footers("Svara", "Eyða", "Eyðandi"),
    _footers("Vastaa", "Poista", "Poistaa Poistan Poistakaa Poistava"),
    _footers("Vasta", "Kustuta", "Kustutage Kustutan Kustutas"),
    _footers("Odpowiedz", "Usuń", "Usuńcie Usuńmy"),
    _footers("Odpovědět", "Vymazat"),
    _footers("Odpovědět", "Odstranit"),
    _footers("Odpovedať", "Odstrániť"),
    _footers("Válasz", "Törlés", "Törlése Törlések Törlésre Törlést"),
    _footers("Răspundeți", "Ștergeți"),
    _footers("Răspundeți", "Ștergere", "Ștergerea"),
    _footers("Odgovori", "Izbriši", "Izbrišite Izbrišimo"),
    _footers("Одговори", "Избриши", "Избришите"),
    _footers("Ответить", "Удалить", "Удалиться"),
    _footers("Відповісти", "Видалити", "Видалитися"),
    _footers("Отговор", "Изтриване", "Изтриването"),
    _footers("Απάντηση", "Διαγραφή", "Διαγραφής"),
    _footers("Atbildēt", "Dzēst"),
    _footers("Atsakyti", "Panaikinti"),
    _footers("Atsakyti", "Ištrinti"),
    _footers("Yanıtla", "Sil", "Silah Silahlar Silindi Silinen Silinmiş Silmek Siliyor"),
    _footers("رد", "حذف"),
    _footers("پاسخ", "حذف"),
    _footers("השב", "מחק"),
    _footers("返信", "削除"),
    _footers("답글", "삭제"),
    _footers("回复", "删除"),
    _footers("回覆", "刪除"),
    _footers("ตอบ", "ลบ"),
    _footers("जवाब दें", "हटाएं"),
    _footers("Balas", "Hapus", "Hapuskan Hapuslah Hapusnya"),
    _footers("Balas", "Padam", "Padamkan"),
    _footers("Trả lời", "Xóa"),
    _footers("Tumugon", "Burahin"),
)

# What folds a list of replies or opens a form under it, and stays behind as a line of its own.
TOGGLES = frozenset(
    unicodedata.normalize("NFC", word)
    for word in (
        "Replies|Reply|Antworten|Réponses|Répondre|Respuestas|Respostas|Responder|Respostes|Respon|Risposte"
        "|Rispondi|Reacties|Beantwoorden|Svar|Svara|Vastaukset|Vastaa|Odpowiedzi|Odpowiedz|Odpovědi|Odpovědět"
        "|Odpovede|Odpovedať|Válaszok|Válasz|Răspunsuri|Răspundeți|Odgovori|Одговори|Ответы|Ответить|Відповіді"
        "|Відповісти|Отговори|Отговор|Απαντήσεις|Απάντηση|Yanıtlar|Yanıtla|ردود|رد|پاسخ‌ها|תשובות|השב|返信"
        "|답글|回复|回覆|Balasan|Balas|Trả lời|ตอบ"
    ).split("|")
)

# What a comment may end in without anyone having said it.
WORDS = TOGGLES | frozenset(
    word for known in KNOWN for word in (known.comment, known.reply, *known.inflections)
)
_OF_COMMENTS = tuple(sorted({known.comment for known in KNOWN}))
# Most lines have neither end of any footer, and comparing two slices is faster than forty words.
_END = 3  # characters, which the shortest footer of a comment has
_FIRST_LETTERS = frozenset(label[:_END] for label in _OF_COMMENTS)
_LAST_LETTERS = frozenset(label[-_END:] for label in _OF_COMMENTS)


def opens_in_any_language(line: str) -> bool:
    """Whether `line` begins with a comment's footer in some known language, words glued to it."""
    return line.startswith(_OF_COMMENTS) and any(
        line.startswith(label) and not line[len(label) :][:1].isspace() for label in _OF_COMMENTS
    )


_LEARNED_FROM = 4  # lines; fewer prove no footer


@once_a_document
def detected(text: str) -> Footers | None:
    """The footers in `text`: of a known language, else learned from what its lines repeat."""
    lines = [line.strip() for line in text.split("\n")]
    return _known(lines, text) or _learned(lines)


def _known(lines: Sequence[str], text: str) -> Footers | None:
    alone = Counter([_word(line) for line in lines if len(line) <= MAX_LENGTH])
    likely = [line for line in lines if line[:_END] in _FIRST_LETTERS or line[-_END:] in _LAST_LETTERS]
    glued: Counter[str] = Counter()
    for line, times in Counter(likely).items():
        for label in _OF_COMMENTS:
            if line.startswith(label) or line.endswith(label):
                glued[label] += times

    def votes(footers: Footers) -> tuple[int, int, int]:
        comments = max(glued[footers.comment], alone[_word(footers.comment)])
        # Norwegian `SvarSlett` begins with Danish `SvarSlet`: of equals the longer one explains more.
        return comments, alone[_word(footers.reply)], len(footers.comment)

    # Its words, written as one, are no votes where the footer itself stands nowhere.
    voted = (known for known in KNOWN if any(votes(known)[:2]) and known.reply in text)
    return max(voted, key=votes, default=None)


def _word(line: str) -> str:
    return "".join(line.split()) if " " in line else line


def _learned(lines: Sequence[str]) -> Footers | None:
    """A pair `XY` and `Y` that both recur, alone on a line or glued to a capital, never before a blank."""
    counts = Counter(label for line in lines for label in _possible_labels(line))
    pairs = (
        (counts[comment] + counts[reply], Footers(comment, reply))
        for comment, count in counts.items()
        if count > 1
        for reply in (comment[at:] for at in range(2, len(comment) - 1))
        if reply in counts
    )
    lines_of, best = max(pairs, key=lambda pair: pair[0], default=(0, None))
    if best is None or lines_of < _LEARNED_FROM or any(line.startswith(best.comment + " ") for line in lines):
        return None
    return best


def _possible_labels(line: str) -> Iterable[str]:
    """The beginnings of `line` that could be a footer: up to a capital in its first word, or all of it."""
    head = line[: MAX_LENGTH + 1]
    if len(head) <= MAX_LENGTH and head.replace(" ", "").isalpha():
        yield head
    word = head.split(" ", 1)[0]
    for at in range(2, len(word)):
        if not word[:at].isalpha():
            return
        if word[at].isupper() and word[at - 1].islower():
            yield word[:at]
