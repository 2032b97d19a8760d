from threadreader.model import Draft, DraftComment, harmless, thread_of


def test_a_terminal_obeys_nothing_in_harmless_text() -> None:
    assert harmless("\x1b[31mred\x07\r\nA\x00B\u202eabc") == "␛[31mred␇\nA␀Babc"


def test_equal_comments_have_ids_of_their_own_and_places_follow_the_tree() -> None:
    draft = Draft(
        layout="outline",
        title="T",
        body="",
        comments=(DraftComment("same"), DraftComment("same", parent=0), DraftComment("other", parent=0)),
    )
    thread = thread_of(draft, "p", source="x")
    assert len({comment.id for comment in thread.comments}) == 3
    assert [comment.place for comment in thread.comments] == ["1", "1.1", "1.2"]
    assert list(thread.ends) == [3, 2, 3]
    assert list(thread.reply_counts) == [2, 0, 0]
    assert thread.ancestors(2) == [0]
