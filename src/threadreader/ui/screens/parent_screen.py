"""Which comment, or the post, another one is to be hung under."""

from threadreader.model import Comment, Thread
from threadreader.ui.screens.picking import Picking
from threadreader.ui.widgets.glyphs import Glyphs
from threadreader.ui.widgets.target_list import PossibleTarget

ON_POST = ""  # what stands for the post


class ParentScreen(Picking):
    """Returns the id of a comment, or `ON_POST`; None to leave all as it is."""

    def __init__(self, thread: Thread, comment_id: str, glyphs: Glyphs) -> None:
        at = thread.positions[comment_id]
        comment = thread.comments[at]
        post = Comment(ON_POST, None, "post", 0, thread.body, author=thread.post.title)
        others = (*thread.comments[:at], *thread.comments[thread.ends[at] :])
        super().__init__(
            [PossibleTarget(other, False) for other in (post, *others)],
            f"hang {comment.place} {comment.byline} under",
            "hang it under: a place, a name, words; or choose the post",
            glyphs,
            comment.parent_id or ON_POST,
        )
