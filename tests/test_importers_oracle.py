"""trafilatura's text of pages whose threads are known, read back: HTML truth in, the same thread out."""

import random
from html import escape

import pytest
from strategies import LANGUAGES, WORDS, Language, Said, text_of
from trafilatura import extract

from threadreader import importers
from threadreader.model import Draft

ENGLISH, GERMAN = LANGUAGES[:2]
# The ways in which a real paragraph may look like something else.
OPENINGS = (
    "",
    "",
    "",
    "",
    "> ",
    "1. ",
    "- ",
    "@11:05 ",
    "Delete your ",
    "Deleted by ",
    "... ",
    ". ",
    "? ",
    ", ",
    "dusk ",
    "re 6 10 ",
)


def page(body: list[str], comments: list[Said], language: Language) -> str:
    """A Blogger page, its comments with their action links, as a browser's reader gets it."""
    items, replies = "", ""
    for at in range(len(comments) - 1, -1, -1):
        block = comment_block(at, comments[at], language)
        if comments[at].depth:
            replies = f'<li class="comment" id="c{at}">{block}</li>{replies}'
        else:
            nested = f'<div class="comment-replies"><ol><div>{replies}</div></ol></div>' if replies else ""
            items, replies = f'<li class="comment" id="c{at}">{block}{nested}</li>{items}', ""
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in body)
    return (
        "<html><head><title>A heading</title></head><body>"
        '<div class="post hentry"><h3 class="post-title">A heading</h3>'
        f'<div class="post-body">{text}</div></div>'
        f'<div class="comments" id="comments"><h4>{len(comments)} comments:</h4>'
        f'<div class="comments-content"><ol id="top-ra">{items}</ol></div></div></body></html>'
    )


def comment_block(at: int, said: Said, language: Language) -> str:
    text = "<br><br>".join(escape(line) for paragraph in said.paragraphs for line in paragraph)
    delete = f'<span class="item-control"><a href="#delete">{language.delete}</a></span>'
    reply = "" if said.depth else f'<a class="comment-reply" href="#reply">{language.reply}</a>'
    return (
        f'<div class="comment-block"><div class="comment-header"><cite class="user">Anonymous</cite>'
        f'<span class="datetime secondary-text"><a href="#c{at}">7 April 2021 at 08:11</a></span></div>'
        f'<p class="comment-content">{text}</p>'
        f'<span class="comment-actions secondary-text">{reply}{delete}</span></div>'
    )


def random_comments(dice: random.Random, longest: int) -> list[Said]:
    """Comments and replies of one to `longest` paragraphs, the first on the post."""
    depths = [0, *(dice.choice((0, 1, 1)) for _ in range(dice.randint(0, 14)))]
    return [Said(depth, random_paragraphs(dice, dice.randint(1, longest))) for depth in depths]


def random_paragraphs(dice: random.Random, count: int) -> tuple[tuple[str, ...], ...]:
    lines: list[str] = []
    while len(lines) < count:
        line = dice.choice(OPENINGS) + " ".join(dice.choices(WORDS, k=dice.randint(1, 12)))
        if not lines or not (is_item(line) and is_item(lines[-1])):  # two items in a row are one list
            lines.append(line)
    return tuple((line,) for line in lines)


def is_item(line: str) -> bool:
    return line.startswith(("- ", "1. "))


def read(html: str) -> Draft:
    document = extract(html)
    assert document is not None
    (draft,) = importers.read_bytes(document.encode(), "page.txt")
    return draft


def read_page(body: list[str], comments: list[Said], language: Language) -> Draft:
    (draft,) = importers.read_bytes(page(body, comments, language).encode(), "page.html")
    assert draft.layout == "blogger-page"
    return draft


def told(draft: Draft) -> list[tuple[int, str]]:
    return [(0 if comment.parent is None else 1, comment.text) for comment in draft.comments]


# Long enough to be taken for the page's article.
BODY = [" ".join(WORDS * 2) + f" {name}." for name in ("Mellin", "Dorve", "Tarn")]


@pytest.mark.parametrize("language", [ENGLISH, GERMAN], ids=["english", "german"])
@pytest.mark.parametrize("longest", [1, 2, 5], ids=["one-paragraph chains", "mixed", "long"])
@pytest.mark.parametrize("seed", range(3))
def test_a_page_is_restored_from_its_text(seed: int, longest: int, language: Language) -> None:
    comments = random_comments(random.Random(seed), longest)
    draft = read(page(BODY, comments, language))
    assert told(draft) == [(said.depth, said.text) for said in comments]
    assert told(read_page(BODY, comments, language)) == told(draft)
    # The extractor may set the body twice; every comment's place shows that its end was found.
    assert list(dict.fromkeys(draft.body.split("\n\n"))) == BODY


def test_a_comment_that_starts_with_a_line_break_is_kept_with_a_doubt() -> None:
    said = [Said(0, (("Mellin dorve.",),)), Said(1, (("Quill.",),)), Said(0, (("Tarn.",), ("Vossel.",)))]
    html = page(BODY, said, ENGLISH).replace("Tarn.<br><br>", "<br>Tarn.<br><br>")
    draft = read(html)
    assert told(draft) == [(each.depth, text_of(each.paragraphs)) for each in said]
    assert [[w.code for w in comment.warnings] for comment in draft.comments] == [[], [], ["orphan-footer"]]
