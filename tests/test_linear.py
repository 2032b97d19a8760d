"""Threads as they are read aloud."""

from ui.threads import NOON, chain, changed, note, thread

from threadreader.linear import comment_lines, list_lines, post_lines, text_lines, thread_lines
from threadreader.model import ListedPost, Person, TextQuote, ThreadWarning

FAMILY = changed(thread([0, 1, 1, 2, 0], {"1.2": "One.\n\nTwo."}), "1", author="Ida")
HIGHLIGHT = note("Why?", "1")._replace(
    kind="highlight", quote=TextQuote("Comment 1", suffix="."), colour="red", note_kind="question"
)
BOOKMARK = note("", "1")._replace(kind="bookmark")


def test_where_a_reply_stands_is_said_in_words() -> None:
    told = changed(changed(FAMILY, "1.2", author="Ben", created=NOON), "1.2.1", signed="I.")
    look = note("Look\nhere.", "1.2")._replace(quote=TextQuote("One.\n\nTwo."))
    assert list(comment_lines(told, 2, unread=True, marks=[look])) == [
        "Comment 1.2 by Ben, reply, level 2, to 1 by Ida, 2024-03-01 12:00 UTC, 1 reply, unread, 1 note.",
        "One.",
        "Two.",
        "Your note: Look here.",
    ]
    assert next(comment_lines(told, 3)) == "Comment 1.2.1 signed I., reply, level 3, to 1.2 by Ben."


def test_a_comment_on_the_post_says_so() -> None:
    assert next(comment_lines(FAMILY, 0, marks=[BOOKMARK])) == (
        "Comment 1 by Ida, on the post, 2 replies, bookmarked."
    )
    assert next(comment_lines(FAMILY, 4)) == "Comment 2 anonymous, on the post."


def test_doubts_are_said_before_the_text() -> None:
    doubtful = changed(FAMILY, "2", warnings=(ThreadWarning("ambiguous", "Two footers fit."),))
    assert list(comment_lines(doubtful, 4))[1:] == ["Warning: Two footers fit.", "Comment 2."]


def test_nothing_is_drawn() -> None:
    text = "Before.\n\n--oo00oo--\n\n> said\n> twice\nAnswered.\n\n>\nEnd."
    assert list(text_lines(text)) == [
        "Before.",
        "Section break.",
        "Quote: said",
        "twice",
        "End of quote. Answered.",
        "End.",
    ]


def test_links_are_told_by_their_numbers() -> None:
    text = "See https://a.example, or https://b.example and https://a.example again."
    assert list(text_lines(text)) == [
        "See https://a.example (link 1), or https://b.example (link 2) and https://a.example (link 1) again."
    ]


def test_depth_is_words_and_nothing_is_drawn_at_any_depth() -> None:
    deep = chain(40)
    lines = list(thread_lines(deep, "Down", set(), []))
    assert any(line.startswith("Comment … anonymous, reply, level 40, to ") for line in lines)
    assert not set("".join(lines)) & set("│├└▾▸·●○★✎↳─▌")


def test_everything_is_said_once_and_in_order() -> None:
    lines = list(thread_lines(FAMILY, "My heron", {"1"}, [note("Mine.", None)]))
    assert lines[:3] == [
        "Post: My heron, 2024-02-29, 5 comments, 4 unread, 1 note.",
        "The post.",
        "Your note: Mine.",
    ]
    heads = [line.split(",")[0] for line in lines if line.startswith("Comment ") and "," in line]
    assert heads == [
        "Comment 1 by Ida",
        *(f"Comment {place} anonymous" for place in ("1.1", "1.2", "1.2.1", "2")),
    ]
    assert next(post_lines(FAMILY, "My heron", 0)).endswith("all read.")


def test_the_list_numbers_its_posts() -> None:
    listed = ListedPost(FAMILY.post, "My heron", 2, 0, 0)
    assert list(list_lines([listed])) == ["1 post.", "1: My heron, 2024-02-29, 5 comments, 2 unread."]


def test_a_highlight_is_told_with_its_words_and_its_note() -> None:
    *_, made = comment_lines(FAMILY, 0, marks=[HIGHLIGHT])
    assert made == "You highlighted: Comment 1. Your question: Why?"
    assert ", 1 highlight." in next(comment_lines(FAMILY, 0, marks=[HIGHLIGHT]))
    *_, made = comment_lines(FAMILY, 0, marks=[HIGHLIGHT._replace(text="", note_kind="comment")])
    assert made == "You highlighted: Comment 1"


def test_what_became_of_a_mark_is_said_with_its_reason_and_of_the_lost_at_the_post() -> None:
    edited = note("Mine.", "1")._replace(quote=TextQuote("It said something else."), note_kind="claim")
    bookmark = BOOKMARK._replace(quote=TextQuote("It said something else."))
    assert list(comment_lines(FAMILY, 0, marks=[edited, bookmark]))[2:] == [
        "Your claim to check: Mine.",
        "Its state: changed, the comment was edited.",
        "Your bookmark.",
        "Its state: changed, the comment was edited.",
    ]
    lost = note("Gone?", "9")._replace(quote=TextQuote("Of the sea, nothing."))
    lines = list(thread_lines(FAMILY, "My heron", set(), [lost]))
    assert lines[0].endswith("5 unread, 1 mark whose comment is gone.")
    assert lines[2:5] == [
        "Your note: Gone?",
        "Its state: orphan, the comment is not in the thread any more.",
        "It was made on: Of the sea, nothing.",
    ]


def test_what_the_reader_calls_who_speaks_is_said_as_their_words() -> None:
    people = {"ida": Person("Ida", "the ferryman", dimmed=True)}
    assert next(comment_lines(FAMILY, 0, people=people)) == (
        "Comment 1 by Ida, whom you call the ferryman, dimmed, on the post, 2 replies."
    )
