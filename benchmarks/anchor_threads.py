"""Threads whose every word is known again, what newer copies do to them, and writers of every layout.

A word that was changed keeps its key, so the truth of where a passage went is known by construction.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from itertools import pairwise

from benchmarks.corpus import Corpus

COMMENTS = 320  # of a thread
_SHORT = (
    "Thank you!",
    "So true.",
    "Yes.",
    "I agree with this.",
    "Happy new year to all of you!",
    "Ha ha ha.",
)
_AUTHORS = 40
_POST = 900_000_000  # the id of the post, which is no comment's
_EMPHASISED, _LINKED = 60, 300  # of so many words of a page one is
_LETTERS = "abcdefghiklmnoprstuvy"


@dataclass(frozen=True, slots=True)
class Word:
    """A word and, unless it was inserted, its key, unlike that of any other word of the thread."""

    text: str
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A comment: its number, its parent's, None on the post, its paragraphs, and the one that it repeats."""

    number: int
    parent: int | None
    paragraphs: tuple[tuple[Word, ...], ...]
    repeated: int | None = None

    @property
    def words(self) -> list[Word]:
        """Its words in order."""
        return [word for paragraph in self.paragraphs for word in paragraph]

    @property
    def text(self) -> str:
        """Its words, parted by blanks."""
        return " ".join(word.text for word in self.words)


Tree = list[Said]  # in reading order
Change = Callable[[random.Random, "Threads", Tree], Tree]
Write = Callable[[Tree], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """What lies between two copies: what the older had, what the newer changed, and how they are written."""

    name: str
    changes: Sequence[Change] = ()
    before: Sequence[Change] = ()
    older: Write | None = None  # None: as an outline
    newer: Write | None = None
    limit: float = 0.0  # of the marks whose words are there, the share that has to be attached right


class Threads:
    """Threads of one seed: prose, short comments, equal and near-equal ones, and some that quote others."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        corpus = Corpus(seed)
        self._vocabulary, self._weights = corpus.words, [1 / rank for rank in range(2, len(corpus.words) + 2)]
        self._drawn = self._random.choices(self._vocabulary, self._weights, k=200_000)
        self._keys = iter(range(1, 100_000_000))
        self._numbers = iter(range(1, 1_000_000))

    def tree(self) -> Tree:
        """A thread of `COMMENTS` comments in reading order."""
        tree: Tree = []
        for _ in range(COMMENTS):
            tree.append(self.comment(tree, self._parent(tree)))
        return [replace(said, repeated=None) for said in ordered(tree)]

    def word(self) -> str:
        """A word as frequent as in prose."""
        return self._random.choice(self._drawn)

    def comment(self, tree: Tree, parent: int | None) -> Said:
        """One comment more: three of ten are short, equal to another, nearly so, or quote another."""
        drawn, rng = self._random.random(), self._random
        other = rng.choice(tree) if tree and 0.15 <= drawn < 0.4 else None
        if drawn < 0.1:
            texts = [rng.choice(_SHORT)]
        elif drawn < 0.15:
            texts = [self._sentence(rng.randint(2, 7))]
        elif other and drawn < 0.2:
            texts = [" ".join(word.text for word in line) for line in other.paragraphs]
        elif other and drawn < 0.25:
            words = other.text.split()
            words[rng.randrange(len(words))] = self.word()
            texts = [" ".join(words)]
        elif other:
            words = other.text.split()
            start = rng.randrange(len(words))
            cited = " ".join(words[start : start + rng.randint(6, 40)])
            texts = [rng.choice((f"“{cited}”", cited)), *self._paragraphs()]
        else:
            texts = self._paragraphs()
        paragraphs = tuple(tuple(Word(word, next(self._keys)) for word in text.split()) for text in texts)
        repeated = other.number if other and drawn < 0.25 else None
        return Said(next(self._numbers), parent, paragraphs, repeated)

    def _parent(self, tree: Tree) -> int | None:
        if not tree or self._random.random() < 0.3:
            return None
        return self._random.choice(tree[-12:]).number

    def _paragraphs(self) -> list[str]:
        lengths = [self._random.randint(2, 7) for _ in range(self._random.choice((1, 1, 1, 2, 2, 3)))]
        return [" ".join(self._sentence(self._random.randint(5, 22)) for _ in range(n)) for n in lengths]

    def _sentence(self, length: int) -> str:
        rng = self._random
        words = [self.word() for _ in range(length)]
        words[0] = words[0].capitalize()
        for at in range(len(words)):
            odd = rng.random()
            if odd < 0.05:
                words[at] += rng.choice(("’s", "’t", "é", "ü", "–"))
            elif odd < 0.12:
                words[at] += ","
        if len(words) > 4 and rng.random() < 0.1:
            at = rng.randrange(len(words) - 2)
            words[at], words[at + 2] = "“" + words[at], words[at + 2] + "”"
        return " ".join(words) + rng.choice(".....!?…")


def ordered(
    tree: Iterable[Said], below: Callable[[list[Said]], list[Said]] = lambda replies: replies
) -> Tree:
    """The comments in reading order, the replies to each as `below` puts them."""
    replies: dict[int | None, list[Said]] = {}
    for said in tree:
        replies.setdefault(said.parent, []).append(said)
    result: Tree = []
    waiting = below(replies.get(None, []))[::-1]
    while waiting:
        result.append(waiting.pop())
        waiting += below(replies.get(result[-1].number, []))[::-1]
    return result


def words_changed(share: float, rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """Each comment with that share of its words replaced, deleted, mistyped, or followed by a new one."""

    def changed(word: Word) -> list[Word]:
        if rng.random() >= share:
            return [word]
        how = rng.random()
        if how < 0.4:
            return [Word(threads.word(), word.key)]
        if how < 0.6:
            return []
        if how < 0.8:
            return [word, Word(threads.word())]
        at = rng.randrange(len(word.text))
        return [Word(word.text[:at] + rng.choice(_LETTERS) + word.text[at + 1 :], word.key)]

    return [_rewritten(said, changed) for said in tree]


def postscripts(rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """Every second comment with words more at its end, of any length."""

    def longer(said: Said) -> Said:
        more = tuple(Word(threads.word()) for _ in range(rng.choice((3, 8, 20, 60, 150))))
        return replace(said, paragraphs=(*said.paragraphs, (Word("Edit:"), *more)))

    return [longer(said) if rng.random() < 0.5 else said for said in tree]


def added(rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """A quarter more comments, among them equal, near-equal and quoting ones, anywhere."""
    for _ in range(len(tree) // 4):
        parent = rng.choice([None, *(said.number for said in tree)])
        new = threads.comment(tree, parent)
        tree = [*tree]
        tree.insert(rng.randrange(len(tree) + 1), new)
    return ordered(tree)


def removed(rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """A fifth of the comments gone; their replies answer what they answered.

    None that was repeated meanwhile: who takes words away and says them elsewhere has moved them.
    """
    parents = {said.number: said.parent for said in tree}
    repeated = {said.repeated for said in tree}
    gone = {said.number for said in tree if rng.random() < 0.2 and said.number not in repeated}

    def parent(number: int | None) -> int | None:
        while number in gone:
            number = parents[number]
        return number

    return ordered(replace(said, parent=parent(said.parent)) for said in tree if said.number not in gone)


def newest_first(rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """The comments under each, and on the post, the other way round."""
    return ordered(tree, lambda replies: replies[::-1])


def shuffled(rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """The comments under each, and on the post, in any order."""
    return ordered(tree, lambda replies: rng.sample(replies, len(replies)))


def by_time(rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """The comments under each, and on the post, as they were written, which is how a backup is read."""
    return ordered(sorted(tree, key=lambda said: said.number))


def flattened(rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """Every comment on the post."""
    return [replace(said, parent=None) for said in tree]


def rehung(rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """A sixth of the comments under another one that stands before them."""
    result: Tree = []
    for said in tree:
        move = result and rng.random() < 1 / 6
        result.append(replace(said, parent=rng.choice(result).number) if move else said)
    return ordered(result)


def reparagraphed(rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """Paragraphs end elsewhere."""

    def cut(said: Said) -> Said:
        words = said.words
        edges = sorted({0, len(words), *(rng.randrange(len(words)) for _ in range(rng.randint(0, 3)))})
        parts = [tuple(words[start:end]) for start, end in pairwise(edges)]
        return replace(said, paragraphs=tuple(parts))

    return [cut(said) for said in tree]


def with_words(spelt: Callable[[str], str], rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """Every word as `spelt` writes it."""
    return [_rewritten(said, lambda word: [Word(spelt(word.text), word.key)]) for said in tree]


def mojibake(text: str) -> str:
    """UTF-8 taken for Windows-1252."""
    return text.encode().decode("cp1252", errors="replace")


def entities(text: str) -> str:
    """Signs as HTML writes them."""
    return text.replace("’", "&#39;").replace("“", "&quot;").replace("”", "&quot;").replace("é", "&eacute;")


def straight(text: str) -> str:
    """Signs as a typewriter writes them."""
    for sign, plain in (("’", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("…", "...")):
        text = text.replace(sign, plain)
    return text


def equal_swept(rng: random.Random, threads: Threads, tree: Tree) -> Tree:
    """Of comments that say the same, one is gone, edited, or answered by another like it."""
    seen = Counter(said.text for said in tree)
    result: Tree = []
    for said in tree:
        fate = rng.random() if seen[said.text] > 1 else 1.0
        if fate < 0.3 and all(other.parent != said.number for other in tree):
            continue
        if fate < 0.6:
            words = tuple(Word(threads.word()) for _ in range(4))
            said = replace(said, paragraphs=(*said.paragraphs, words))
        result.append(said)
        if 0.6 <= fate < 0.8:
            result.append(replace(threads.comment([], said.parent), paragraphs=_unkeyed(said)))
    return ordered(result)


def _unkeyed(said: Said) -> tuple[tuple[Word, ...], ...]:
    return tuple(tuple(Word(word.text) for word in words) for words in said.paragraphs)


def _rewritten(said: Said, changed: Callable[[Word], list[Word]]) -> Said:
    lines = [tuple(new for word in line for new in changed(word)) for line in said.paragraphs]
    kept = tuple(line for line in lines if line)
    return replace(said, paragraphs=kept or (said.paragraphs[0][:1],))


def kinds() -> list[Kind]:
    """Every kind of change that is measured."""
    some, much = partial(words_changed, 0.05), partial(words_changed, 0.1)
    return [
        Kind("nothing changed", limit=1.0),
        *(
            Kind(f"{percent} % of the words", [partial(words_changed, percent / 100)], limit=limit)
            for percent, limit in ((1, 0.97), (5, 0.97), (10, 0.97), (20, 0.97), (30, 0.0))
        ),
        Kind("postscripts", [postscripts], limit=0.97),
        Kind("comments added", [added], limit=0.97),
        Kind("comments removed", [removed], limit=0.97),
        Kind("newest first", [newest_first], limit=0.97),
        Kind("shuffled", [shuffled]),
        Kind("one flat list", [flattened], limit=0.97),
        Kind("re-hung", [rehung]),
        Kind("other paragraphs", [reparagraphed], limit=0.97),
        Kind("mended mojibake", before=[partial(with_words, mojibake)], limit=0.97),
        Kind("mended entities", before=[partial(with_words, entities)], limit=0.97),
        Kind("curly to straight", [partial(with_words, straight)], limit=0.97),
        Kind("straight to curly", before=[partial(with_words, straight)], limit=0.97),
        Kind("outline to run-on", newer=run_on, limit=0.97),
        Kind("equal ones gone, edited", [equal_swept]),
        Kind("5 %, added, removed", [some, added, removed], limit=0.97),
        Kind("10 %, newest first", [much, newest_first], limit=0.97),
        Kind("10 %, re-hung, paragraphs", [much, rehung, reparagraphed]),
        Kind("5 %, to run-on", [some], newer=run_on, limit=0.97),
        Kind("20 %, added, removed", [partial(words_changed, 0.2), added, removed], limit=0.97),
        Kind("10 %, all at once", [much, postscripts, added, removed, shuffled, rehung]),
        Kind("outline to page", newer=page, limit=0.97),
        Kind("outline to backup", newer=backup, limit=0.97),
        Kind("page to run-on", older=page, newer=run_on, limit=0.97),
        Kind("backup to page", older=backup, newer=page, limit=0.97),
        Kind("5 %, to page", [some], newer=page, limit=0.97),
        Kind("5 %, page to run-on", [some], older=page, newer=run_on, limit=0.97),
        Kind("10 %, all at once, to page", [much, postscripts, added, removed, shuffled, rehung], newer=page),
        Kind(
            "the same, page to backup",
            [much, postscripts, added, removed, rehung, by_time],
            older=page,
            newer=backup,
        ),
    ]


def outline(tree: Tree) -> str:
    """The thread in the outline layout."""
    lines = ["Monday, 6 May 2019", "", "What was said", "", "The post itself says little.", ""]
    lines += [f"{len(tree)} comments:", ""]
    depths = _depths(tree)
    counted: list[int] = []
    for said in tree:
        depth = depths[said.number]
        if depth == len(counted):
            lines += [f"{'  ' * depth}  Replies"] if depth else []
            counted.append(0)
        del counted[depth + 1 :]
        counted[depth] += 1
        margin = "  " * depth
        first, *others = [" ".join(word.text for word in words) for words in said.paragraphs]
        lines += [f"{margin}  {counted[depth]}. {first}", ""]
        for other in others:
            lines += [f"{margin}    {other}", ""]
        lines.append(f"{margin}    {'Delete' if depth else 'ReplyDelete'}")
    return "\n".join(lines) + "\n"


def run_on(tree: Tree) -> str:
    """The thread in the run-on layout, each footer at the end of its comment's first paragraph."""
    depths = _depths(tree)
    lines = ["The post itself says little."]
    for said in tree:
        first, *others = [" ".join(word.text for word in words) for words in said.paragraphs]
        lines += [first + ("Delete" if depths[said.number] else "ReplyDelete"), *others]
    return "\n".join(lines) + "\n"


def page(tree: Tree) -> str:
    """The thread as a Blogger page: its numbers are the ids, some words are emphasis, some are links."""
    depths = _depths(tree)
    rows = [
        "<!DOCTYPE html><html><head><meta charset='utf-8'><meta name='generator' content='blogger'>",
        "<h2 class='date-header'>Monday, 6 May 2019</h2><h3 class='post-title'>What was said</h3>",
        f"<div class='post-body' id='post-body-{_POST}'>The post itself says little.</div>",
        f"<div id='comments'><h4>{len(tree)} comments:</h4><ol id='top-ra'>",
    ]
    for said, following in pairwise([*tree, None]):
        assert said
        depth = depths[said.number]
        rows.append(
            f"<li class='comment' id='c{said.number}'><div class='comment-block'><cite class='user'>"
            f"{escape(_author(said))}</cite><span class='datetime'><a href='{_address(said)}'>8:11</a></span>"
            f"<p class='comment-content'>{_html(said)}</p></div>"
        )
        closed = depth - (depths[following.number] if following else 0)
        rows.append("<div><ol>" if closed < 0 else "</li>" + "</ol></div></li>" * closed)
    return "\n".join([*rows, "</ol></div></body></html>"])


def backup(tree: Tree) -> str:
    """The thread in the backup of its blog."""
    kind = "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#"
    post = f"tag:blogger.com,1999:blog-1.post-{_POST}"
    rows = [
        "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:thr='http://purl.org/syndication/thread/1.0'>",
        f"<entry><id>{post}</id>{kind}post'/><title>What was said</title><published>2019-05-06T08:00:00Z"
        "</published><content type='html'>The post itself says little.</content></entry>",
    ]
    for said in tree:
        parent = (
            f"<link rel='related' href='https://a.example/feeds/{_POST}/comments/default/{said.parent}'/>"
            if said.parent
            else ""
        )
        rows.append(
            f"<entry><id>tag:blogger.com,1999:blog-1.post-{said.number}</id>{kind}comment'/>{parent}"
            f"<thr:in-reply-to ref='{post}'/><published>{_written(said).isoformat()}</published>"
            f"<author><name>{escape(_author(said))}</name></author>"
            f"<content type='html'>{escape(_html(said))}</content></entry>"
        )
    return "\n".join([*rows, "</feed>"])


def _html(said: Said) -> str:
    rows = [" ".join(map(_dressed, words)) for words in said.paragraphs]
    return "<br /><br />".join(rows)


def _dressed(word: Word) -> str:
    """A word as a page has it; by its key, some are emphasis and some lead somewhere."""
    html = escape(word.text)
    if word.key and word.key % _EMPHASISED == 0:
        return f"<i>{html}</i>"
    if word.key and word.key % _LINKED == 1:
        return f"<a href='https://a.example/{word.key}'>{html}</a>"
    return html


def _author(said: Said) -> str:
    return f"Author {said.number % _AUTHORS}"


def _written(said: Said) -> dt.datetime:
    return dt.datetime(2019, 5, 6, 9, tzinfo=dt.UTC) + dt.timedelta(minutes=3 * said.number)


def _address(said: Said) -> str:
    moment = int(_written(said).timestamp() * 1000)
    return f"https://a.example/2019/05/said.html?showComment={moment}#c{said.number}"


def _depths(tree: Tree) -> dict[int, int]:
    depths: dict[int | None, int] = {None: -1}
    for said in tree:
        depths[said.number] = depths[said.parent] + 1
    return {number: depth for number, depth in depths.items() if number is not None}
