"""Random threads, and writers that set them as documents in each layout.

What a layout can't tell apart is never drawn, and nothing else is left out:
- nowhere: an empty comment, or one that starts with a line break;
- run-on: a line break inside a paragraph (it would be a paragraph), two lists in a row (they would be one),
  and a paragraph that would stand as a footer does: one that ends in a footer's word, is one, or begins with
  one and no blank after it, or with letters that make that word's inflection (`d` after `Delete`);
  and a single comment without a body, for one footer among words may be part of them;
- outline: a line of its own that is a footer and stands before a number that fits.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from hypothesis import strategies as st

Place = Literal["end", "glued", "alone"]

WORDS = (
    "Mellin Dorve Ökra Tarn quill vossel naïve brindle “harrow” don’t sten 学习 oster-vane fallow 9:42 "
    "@11:05 re: ok Pim? (noddle) https://dorve.example/a_b um… dusk *brill* [sic] Ærlig 👍🏽"
).split()


@dataclass(frozen=True)
class Language:
    """The words of one language in a saved page."""

    reply: str
    delete: str
    replies: str
    counted: str  # with a place for the number


LANGUAGES = (
    Language("Reply", "Delete", "Replies", "{} comments:"),
    Language("Antworten", "Löschen", "Antworten", "{} Kommentare:"),
    Language("Répondre", "Supprimer", "Réponses", "{} commentaires:"),
    Language("Responder", "Eliminar", "Respuestas", "{} comentarios:"),
    Language("Responder", "Excluir", "Respostas", "{} comentários:"),
    Language("Rispondi", "Elimina", "Risposte", "{} commenti:"),
    Language("Beantwoorden", "Verwijderen", "Reacties", "{} opmerkingen:"),
    Language("Svar", "Slett", "Svar", "{} kommentarer:"),
    Language("Ответить", "Удалить", "Ответы", "{} комментариев:"),
    Language("Trả lời", "Xóa", "Trả lời", "{} nhận xét:"),
    Language("返信", "削除", "返信", "{} 件のコメント:"),
)


@dataclass(frozen=True)
class Said:
    """A comment as it was meant: its depth and its paragraphs, each of one or more lines."""

    depth: int
    paragraphs: tuple[tuple[str, ...], ...]
    nth: int | None = None  # by which pages and backups know it and its time, if not by its position

    @property
    def text(self) -> str:
        return text_of(self.paragraphs)


@dataclass(frozen=True)
class Meant:
    """A thread as it was meant."""

    body: tuple[tuple[str, ...], ...]
    comments: tuple[Said, ...]
    language: Language

    @property
    def told(self) -> list[tuple[int, str]]:
        return [(said.depth, said.text) for said in self.comments]


def text_of(paragraphs: tuple[tuple[str, ...], ...]) -> str:
    return "\n\n".join("\n".join(lines) for lines in paragraphs)


sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


def _lists(sign: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(sentences, min_size=1, max_size=3).map(
        lambda items: tuple(sign.format(at) + item for at, item in enumerate(items, start=1))
    )


lists = st.sampled_from(("- ", "* ", "• ", "{}. ", "{}) ")).flatmap(_lists)
quotes = sentences.map(lambda words: (f"> {words}",))
rules = st.just(("--oo00oo--",))
openers = st.just(("3 reasons:",))
broken_lines = st.lists(sentences, min_size=2, max_size=3).map(tuple)


def _words_like_footers(language: Language) -> st.SearchStrategy[tuple[str, ...]]:
    deleted = "Deleted by" if language.delete == "Delete" else language.delete
    return sentences.map(lambda words: (f"{deleted} {words}",))


def _paragraphs(
    language: Language, *, broken: bool, at_least: int
) -> st.SearchStrategy[tuple[tuple[str, ...], ...]]:
    plain = sentences.map(lambda words: (words,))
    kinds = [plain, plain, plain, quotes, rules, openers, _words_like_footers(language)]
    if broken:
        return st.lists(st.one_of(*kinds, lists, broken_lines), min_size=at_least, max_size=4).map(tuple)
    return st.lists(st.one_of(*kinds, lists), min_size=at_least, max_size=4).map(_without_adjacent_lists)


def _without_adjacent_lists(paragraphs: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    kept: list[tuple[str, ...]] = []
    for paragraph in paragraphs:
        if not (kept and _is_list(kept[-1]) and _is_list(paragraph)):
            kept.append(paragraph)
    return tuple(kept)


def _is_list(paragraph: tuple[str, ...]) -> bool:
    return paragraph[0].startswith(("- ", "* ", "• ", "1. ", "1) "))


@st.composite
def threads(draw: st.DrawFn, *, broken: bool, deepest: int) -> Meant:
    """A thread with at least one comment; `broken` allows line breaks in paragraphs, `deepest` the depth."""
    language = draw(st.sampled_from(LANGUAGES))
    comments: list[Said] = []
    for step in draw(st.lists(st.integers(0, deepest), min_size=1, max_size=6)):
        depth = min(step, comments[-1].depth + 1) if comments else 0
        comments.append(Said(depth, draw(_paragraphs(language, broken=broken, at_least=1))))
    body = draw(_paragraphs(language, broken=broken, at_least=int(len(comments) == 1)))
    return Meant(body, tuple(comments), language)


def run_on(thread: Meant, place: Place) -> str:
    """`thread` in the run-on layout, its footers in that place."""
    rows = [line for paragraph in thread.body for line in paragraph]
    glue = ""  # a footer that the next line begins with
    for said in thread.comments:
        reply = thread.language.delete
        footer = reply if said.depth else thread.language.reply + reply
        first, *others = [line for paragraph in said.paragraphs for line in paragraph]
        rows.append(glue + first + (footer if place == "end" else ""))
        glue = footer if place == "glued" else ""
        if place == "alone":
            rows.append(footer)
        for line in others:
            rows.append(glue + line)
            glue = ""
    return "\n".join([*rows, glue] if glue else rows) + "\n"


@dataclass(frozen=True)
class Style:
    """What differs between outlines: white space, and what is left behind between comments."""

    right_aligned: bool
    blank: str  # what a blank line holds
    stray: bool  # a line `Reply` under each list of replies


styles = st.builds(
    Style, right_aligned=st.booleans(), blank=st.sampled_from(("", "\u00a0", "  ")), stray=st.booleans()
)

PLAIN = Style(right_aligned=False, blank="", stray=False)


def outline(thread: Meant, style: Style) -> str:
    """`thread` in the outline layout, dated 7 April 2021 and called `A heading`."""
    head = ["Wednesday, 7 April 2021", "", "A heading", "", *_rows(thread.body, "", style)]
    count = thread.language.counted.format(len(thread.comments))
    rows = [*head, count, style.blank]
    numbers: list[int] = []
    for at, said in enumerate(thread.comments):
        numbers = [*numbers, 0][: said.depth + 1]
        numbers[-1] += 1
        rows.extend(_comment_rows(said, numbers[-1], thread.language, style))
        following = thread.comments[at + 1].depth if at + 1 < len(thread.comments) else 0
        if following > said.depth:
            rows.append(" " * (2 * said.depth + 4) + thread.language.replies)
        elif following < said.depth and style.stray:
            rows.append(" " * (2 * said.depth + 2) + thread.language.reply)
    return "\n".join(rows) + "\n"


def _comment_rows(said: Said, number: int, language: Language, style: Style) -> list[str]:
    margin = " " * (2 * said.depth + 2)
    mark = f"{number}.".rjust(3) if style.right_aligned else f"{number}."
    inner = margin + " " * (len(mark) + 1)
    first, *rows = _rows(said.paragraphs, inner, style)
    footer = inner + ("" if said.depth else language.reply) + language.delete
    return [f"{margin}{mark} {first.strip()}", *rows, footer]


def _rows(paragraphs: tuple[tuple[str, ...], ...], margin: str, style: Style) -> list[str]:
    rows: list[str] = []
    for paragraph in paragraphs:
        rows.extend(margin + line for line in paragraph)
        rows.append(style.blank)
    return rows


BLOG = "https://harrow.example"
POST_NUMBER = 40017
ADDRESS = f"{BLOG}/2021/04/a-heading.html"
FIRST_COMMENT = dt.datetime(2021, 4, 7, 18, 30, tzinfo=dt.UTC)


def number_of(nth: int) -> int:
    """The id that a page and a backup give the nth comment of a thread."""
    return 9_000_000_000_000_000_000 + 31 * nth


def written_at(nth: int) -> dt.datetime:
    return FIRST_COMMENT + dt.timedelta(minutes=7 * nth)


def _nths(thread: Meant) -> list[int]:
    return [at if said.nth is None else said.nth for at, said in enumerate(thread.comments)]


def page(thread: Meant, *, saved: bool = False, dressed: bool = False) -> str:
    """`thread` as a Blogger page, dated and called as the outline is; `saved` as a browser writes it.

    One that is `dressed` has emphasis and links, which the texts of a page have lost.
    """
    written = _dressed if dressed else _html
    items = "".join(_page_items(thread, saved=saved, written=written))
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><meta content="blogger" name="generator">'
        f'<link href="{ADDRESS}" rel="canonical"><title>Harrow: A heading</title></head><body>'
        f'<div class="post hentry"><h3 class="post-title">A heading</h3>'
        f'<div class="post-body entry-content" id="post-body-{POST_NUMBER}">{written(thread.body)}</div>'
        f'<abbr class="published" title="2021-04-07T09:00:00+02:00">9:00</abbr></div>'
        f'<div class="comments" id="comments"><h4>{thread.language.counted.format(len(thread.comments))}</h4>'
        f'<div class="comments-content"><ol id="top-ra">{items}</ol></div></div></body></html>\n'
    )


def _page_items(
    thread: Meant, *, saved: bool, written: Callable[[tuple[tuple[str, ...], ...]], str]
) -> Iterator[str]:
    language = thread.language
    for at, (nth, said) in enumerate(zip(_nths(thread), thread.comments, strict=True)):
        own, nested = f"c{number_of(nth)}", f"bc_0_{at}B"
        moment = int(written_at(nth).timestamp() * 1000) + 123
        following = thread.comments[at + 1].depth if at + 1 < len(thread.comments) else 0
        reply = "" if said.depth else f"<a class='comment-reply' href='#'>{language.reply}</a>"
        yield (
            f'<li class="comment" id="{nested if saved else own}">'
            f'<div class="comment-block"{f" id={own}" if saved else ""}><div class="comment-header">'
            f'<cite class="user"><a href="{BLOG}/profile">{_author(nth)}</a></cite>'
            f'<span class="datetime"><a href="{ADDRESS}?showComment={moment}#{own}">7.4.2021</a></span></div>'
            f'<p class="comment-content">{written(said.paragraphs)}</p>'
            f'<span class="comment-actions">{reply}<span class="item-control"><a>\n'
            f"{language.delete}\n</a></span></span></div>"
        )
        if following > said.depth:
            yield f'<div class="comment-replies"><div id="{own}-rt">{language.replies}<ol id="{own}-ra"><div>'
        else:
            yield "</li>" + "</div></ol></div></div></li>" * (said.depth - following)


def backup(thread: Meant, *, takeout: bool = False, draw: random.Random | None = None) -> str:
    """`thread` in a backup of its blog, or in a Takeout, its entries in any order."""
    entries = [_entry("post", POST_NUMBER, "A heading", _html(thread.body), "2021-04-07T09:00:00.000+02:00")]
    open_: list[int] = []
    for nth, said in zip(_nths(thread), thread.comments, strict=True):
        del open_[said.depth :]
        answers = number_of(open_[-1]) if open_ else None
        open_.append(nth)
        stamp = written_at(nth).isoformat()
        entries.append(
            _entry("comment", number_of(nth), "", _html(said.paragraphs), stamp, _author(nth), answers)
        )
    (draw or random.Random(0)).shuffle(entries)
    written = "".join(entry[takeout] for entry in entries)
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:thr='http://purl.org/syndication/thread/1.0' xmlns:gd='http://schemas.google.com/g/2005' "
        f"xmlns:blogger='http://schemas.google.com/blogger/2018'>{written}</feed>\n"
    )


def _entry(
    kind: str,
    number: int,
    title: str,
    html: str,
    stamp: str,
    author: str = "Ida",
    answers: int | None = None,
) -> tuple[str, str]:
    """An entry as a backup has it, and as a Takeout does."""
    post = f"tag:blogger.com,1999:blog-5.post-{POST_NUMBER}"
    common = (
        f"<id>tag:blogger.com,1999:blog-5.post-{number}</id><published>{stamp}</published>"
        f"<title type='text'>{title}</title><content type='html'>{escape(html)}</content>"
    )
    old = f"<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{kind}'/>"
    new = f"<blogger:type>{kind.upper()}</blogger:type><blogger:status>LIVE</blogger:status>"
    if kind == "comment":
        old += f"<thr:in-reply-to href='{ADDRESS}' ref='{post}'/>"
        old += f"<link rel='alternate' href='{ADDRESS}?showComment=1#c{number}'/>"
        new += f"<blogger:parent>{post}</blogger:parent>"
    else:
        old += f"<link rel='alternate' href='{ADDRESS}'/>"
    if answers:
        old += f"<link rel='related' href='{BLOG}/feeds/5/{POST_NUMBER}/comments/default/{answers}?v=2'/>"
        new += f"<blogger:inReplyTo>tag:blogger.com,1999:blog-5.post-{answers}</blogger:inReplyTo>"
    by = f"<name>{author}</name><email>noreply@blogger.com</email>"
    return (
        f"<entry>{common}{old}<author>{by}</author></entry>",
        f"<entry><author>{by}<blogger:type>BLOGGER</blogger:type></author>{common}{new}</entry>",
    )


def _author(nth: int) -> str:
    return ("Ida", "Bo", "Çelik")[nth % 3]


def _html(paragraphs: tuple[tuple[str, ...], ...]) -> str:
    return "<br /><br />".join("<br />".join(map(escape, lines)) for lines in paragraphs)


def _dressed(paragraphs: tuple[tuple[str, ...], ...]) -> str:
    html = _html(paragraphs).replace("Mellin", "<i>Mellin</i>").replace("quill vossel", "<b>quill vossel</b>")
    return html.replace("Dorve", "<a href='https://dorve.example/x_(y)'>Dorve</a>")
