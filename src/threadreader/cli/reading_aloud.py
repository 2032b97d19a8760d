"""Reading line by line, for screen readers: a comment is said, then a command is asked for, and so on.

Where there is no terminal to ask at, everything is said at once. Read marks, notes and the place are kept
where the reader's windows find them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from threadreader.errors import LibraryReadOnly, ThreadReaderError
from threadreader.library import Library, Target
from threadreader.linear import (
    POST_PLACE,
    comment_lines,
    list_lines,
    marks_by_comment,
    post_lines,
    thread_lines,
)
from threadreader.links import addresses_in
from threadreader.model import NOTE_NAMES, Position, Thread, harmless, next_kind

POST = -1  # where the post stands before its comments

HELP = """\
Enter: the next comment. p: the previous one.
r: the first reply. u: up, to what this answers. s: the next reply to the same. S: the previous one.
n: the next unread comment. Space, or a full stop: say this one again.
A number or place, such as 4 or 4.2: that comment; 0 is the post.
Slash and words: find them. Slash alone: find them again.
b: bookmark, or take it off. a: write a note. o: open the link here, o 2 the second.
k: the last note or highlight here becomes a question, a claim to check, a quote to use, a note again.
l: the list of posts. q: quit. Question mark: this help."""

Ask = Callable[[str], str]  # shows its argument, gives the line that is typed; raises EOFError at the end
Say = Callable[[str], None]


def ask_at_terminal(prompt: str) -> str:
    """One line from standard input, with nothing in it that a terminal obeys; raises EOFError at its end."""
    return harmless(input(prompt).encode(errors="replace").decode())


def read_aloud(library: Library, target: Target | None) -> None:
    """Read with whoever sits at the terminal, from `target` or the list of posts on."""
    ReadingAloud(library, ask_at_terminal, print).run(target)


def say_everything(library: Library, post_ids: Sequence[str], say: Say) -> None:
    """Posts with all their comments, one after another; nothing becomes read by that."""
    for number, post_id in enumerate(post_ids):
        if number:
            say("")
        marks, read = library.annotations.marks(post_id), library.annotations.read(post_id)
        thread, people = library.index.thread(post_id), library.annotations.people()
        for line in thread_lines(thread, library.title(post_id), read, marks, people):
            say(line)


class ReadingAloud:
    """Says comments and does what is typed between them; `run` until the reader quits."""

    def __init__(self, library: Library, ask: Ask, say: Say) -> None:
        self._library = library
        self._store = library.annotations
        self._ask = ask
        self._say = say
        self._thread: Thread | None = None  # None while the list of posts is what is read
        self._at = POST
        self._words = ""  # that were looked for last

    def run(self, target: Target | None = None) -> None:
        """Begin at `target`, where the reader stopped in it last, or else with the list of posts."""
        if target:
            self._open(*target)
        else:
            self._list()
        try:
            while self._do(self._ask("Command, or question mark for help: ")):
                pass
        except EOFError:
            self._say("")

    def _do(self, typed: str) -> bool:
        """Do what was typed; False to quit."""
        command = typed.strip()
        if command in ("q", "Q"):
            return False
        try:
            if command in ("?", "h"):
                self._say(HELP)
            elif command == "l":
                self._list()
            elif self._thread is None:
                self._choose(command)
            elif command.startswith("/"):
                self._find(self._thread, command[1:].strip())
            elif typed and command in ("", "."):
                self._say_here(self._thread)
            else:
                self._move_or_mark(self._thread, command)
        except LibraryReadOnly:
            self._say("This library can't be written: nothing is kept.")
        except ThreadReaderError as error:
            self._say(str(error))
        return True

    # The list

    def _list(self) -> None:
        self._thread = None
        posts = self._library.listed()
        for line in list_lines(posts):
            self._say(line)
        self._say("Type the number of a post." if posts else "Add one: threadreader add FILE")

    def _choose(self, command: str) -> None:
        posts = self._library.index.posts()
        if command.isdecimal() and 1 <= int(command) <= len(posts):
            self._open(posts[int(command) - 1].id)
        elif command:
            self._say(f"No post {command}. Type a number from 1 to {len(posts)}, or q to quit.")
        else:
            self._list()

    def _open(self, post_id: str, comment_id: str | None = None) -> None:
        thread = self._thread = self._library.index.thread(post_id)
        stopped = self._store.position(post_id)
        there = comment_id or (stopped.comment_id if stopped else None)
        self._at = thread.positions.get(there, POST) if there else POST
        if self._at != POST and not comment_id:
            self._say(f"{self._library.title(post_id)}. You stopped here; 0 is the post.")
        self._say_here(thread)

    # One comment

    def _say_here(self, thread: Thread) -> None:
        """Say the comment, or the post, that the reader is at; then it is read, and where they stopped."""
        post_id, at = thread.post.id, self._at
        read, on = self._store.read(post_id), marks_by_comment(thread, self._store.marks(post_id))
        if at == POST:
            unread = sum(comment.id not in read for comment in thread.comments)
            self._say_all(post_lines(thread, self._library.title(post_id), unread, on.get(None, ())))
        else:
            own = thread.comments[at].id
            made, people = on.get(own, ()), self._store.people()
            self._say_all(comment_lines(thread, at, unread=own not in read, marks=made, people=people))
        if not self._library.read_only:
            own_id = None if at == POST else thread.comments[at].id
            if own_id:
                self._store.mark_read(post_id, [own_id])
            self._store.keep_position(post_id, Position(own_id, 0))

    def _say_all(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._say(line)

    def _move_or_mark(self, thread: Thread, command: str) -> None:
        ways: dict[str, tuple[Callable[[Thread], int | None], str]] = {
            "": (self._next, "That was the last comment. l lists the posts."),
            "p": (self._previous, "This is the beginning."),
            "r": (self._reply, "No replies."),
            "u": (self._up, "This is the post; l lists the posts."),
            "s": (self._sibling, "No further reply to the same."),
            "S": (self._sibling_before, "No earlier reply to the same."),
            "n": (self._unread, "Nothing here is unread. l lists the posts."),
        }
        if command in ways:
            way, refusal = ways[command]
            self._go(thread, way(thread), refusal)
        elif command in ("b", "B"):
            self._bookmark(thread)
        elif command == "a":
            self._note(thread)
        elif command == "k":
            self._kind(thread)
        elif command[:1] == "o" and command[1:].strip().isdecimal() | (command == "o"):
            self._open_link(thread, int(command[1:] or 0))
        else:
            self._go(thread, self._place(thread, command), f"No comment {command}. ? is the help.")

    def _go(self, thread: Thread, at: int | None, refusal: str) -> None:
        if at is None:
            self._say(refusal)
        else:
            self._at = at
            self._say_here(thread)

    def _next(self, thread: Thread) -> int | None:
        return self._at + 1 if self._at + 1 < len(thread.comments) else None

    def _previous(self, thread: Thread) -> int | None:
        return self._at - 1 if self._at > POST else None

    def _reply(self, thread: Thread) -> int | None:
        following = self._next(thread)
        return following if following is not None and thread.parents[following] == self._at else None

    def _up(self, thread: Thread) -> int | None:
        return thread.parents[self._at] if self._at > POST else None

    def _sibling(self, thread: Thread) -> int | None:
        if self._at == POST or thread.ends[self._at] == len(thread.comments):
            return None
        following = thread.ends[self._at]
        return following if thread.parents[following] == thread.parents[self._at] else None

    def _sibling_before(self, thread: Thread) -> int | None:
        if self._at == POST:
            return None
        parent = thread.parents[self._at]
        return next((at for at in range(self._at - 1, parent, -1) if thread.parents[at] == parent), None)

    def _unread(self, thread: Thread) -> int | None:
        read = self._store.read(thread.post.id)
        return next((at for at in self._round(thread) if thread.comments[at].id not in read), None)

    def _round(self, thread: Thread) -> Iterator[int]:
        """Every comment once: those after this one, then from the first to this one."""
        yield from range(self._at + 1, len(thread.comments))
        yield from range(self._at + 1)

    def _place(self, thread: Thread, place: str) -> int | None:
        if place == POST_PLACE:
            return POST
        return next((at for at, comment in enumerate(thread.comments) if comment.place == place), None)

    def _find(self, thread: Thread, words: str) -> None:
        self._words = words = words or self._words
        if not words:
            self._say("Type the words after the slash.")
            return
        wanted = words.casefold()
        found = [at for at in self._round(thread) if wanted in thread.comments[at].text.casefold()]
        if found:
            self._say(f"{words}: in {len(found)} comment{'' if len(found) == 1 else 's'}.")
        self._go(thread, found[0] if found else None, f"{words}: not found in the comments.")

    def _open_link(self, thread: Thread, number: int) -> None:
        """Open a link that was said; without a number the only one."""
        text = thread.body if self._at == POST else thread.comments[self._at].text
        addresses = addresses_in(text)
        if not addresses:
            self._say("No link here.")
        elif number > len(addresses):
            self._say(f"No link {number} here: the last is {len(addresses)}.")
        elif not number and len(addresses) > 1:
            self._say(f"{len(addresses)} links here: type o and a number.")
        else:
            from threadreader.ui import browser

            address = addresses[max(number - 1, 0)]
            browser.open_link(address)
            self._say(f"Opened {address}")

    # What the reader makes

    def _target(self, thread: Thread) -> Target:
        return thread.post.id, None if self._at == POST else thread.comments[self._at].id

    def _bookmark(self, thread: Thread) -> None:
        target = self._target(thread)
        there = self._store.toggle_bookmark(*target, self._library.quote(*target))
        self._say("Bookmarked." if there else "Bookmark taken off.")

    def _kind(self, thread: Thread) -> None:
        target = self._target(thread)
        marks = [
            mark
            for mark in self._store.marks(target[0])
            if mark.kind != "bookmark" and mark.comment_id == target[1]
        ]
        if not marks:
            self._say("No note or highlight of yours here.")
            return
        kind = self._store.set_kind(marks[-1].id, next_kind(marks[-1].note_kind)).note_kind
        self._say(f"Your {marks[-1].kind} here is a {NOTE_NAMES[kind]} now.")

    def _note(self, thread: Thread) -> None:
        if self._library.read_only:
            raise LibraryReadOnly
        target = self._target(thread)
        draft = self._store.draft(*target)
        if draft:
            self._say(f"A note was begun here, what you type goes on with it: {' '.join(draft.text.split())}")
        text = self._ask("Note, in one line; nothing for none: ").strip()
        if not text:
            self._say("No note written.")
            return
        text = f"{draft.text} {text}" if draft else text
        if draft and draft.note_id:
            self._store.edit(draft.note_id, text)
        else:
            self._store.note(*target, text, self._library.quote(*target))
        self._say("Note saved.")
