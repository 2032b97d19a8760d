"""What is grouped among the answers to a search."""

from threadreader.index import Passage
from threadreader.search.alike import grouped
from threadreader.search.ranking import Answer
from threadreader.search.words import words_of

LONG = "The ferry rang its bell twice before it left the eastern landing in the fog that morning."


def answer(comment_id: str, text: str, where: str = "comment") -> Answer:
    passage = Passage("p", comment_id, where, text)  # type: ignore[arg-type]
    return Answer(passage, 1.0, [], (0, 0), words_of(text))


def ids(groups: list[list[Answer]]) -> list[list[str]]:
    return [[one.passage.comment_id or "" for one in group] for group in groups]


def test_equal_texts_stand_together_whatever_their_case_and_signs() -> None:
    answers = [answer("a", "Thanks!"), answer("b", "No."), answer("c", "thanks")]
    assert ids(grouped(answers)) == [["a", "c"], ["b"]]


def test_long_texts_that_differ_in_a_word_stand_together() -> None:
    again = LONG.replace("twice", "thrice")
    assert ids(grouped([answer("a", LONG), answer("b", "Fog."), answer("c", again)])) == [["a", "c"], ["b"]]


def test_short_texts_that_differ_in_a_letter_are_apart() -> None:
    assert ids(grouped([answer("a", "I heard two bells."), answer("b", "I heard ten bells.")])) == [
        ["a"],
        ["b"],
    ]


def test_a_text_that_says_more_stands_alone() -> None:
    assert ids(grouped([answer("a", LONG), answer("b", f"{LONG} And then it came back again.")])) == [
        ["a"],
        ["b"],
    ]


def test_a_note_is_not_grouped_with_the_comment_that_it_repeats() -> None:
    assert ids(grouped([answer("a", LONG), answer("b", LONG, "note")])) == [["a"], ["b"]]


def test_no_answer_is_lost() -> None:
    answers = [answer(str(n), LONG if n % 3 else f"Number {n}.") for n in range(40)]
    assert sorted(one for group in ids(grouped(answers)) for one in group) == sorted(map(str, range(40)))
