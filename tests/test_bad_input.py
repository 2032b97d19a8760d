"""Whatever is wrong outside: a clear line, and nothing lost."""

import gzip
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import WriteThread

from threadreader import cli
from threadreader.errors import AnnotationsDamaged
from threadreader.importers import MAX_BYTES
from threadreader.library import Library
from threadreader.model import Thread

FERRY = "The ferry did not run at all, and nobody told the people on the quay."
GULLS = "The gulls walked. I have never seen so many gulls on foot."

# Nobody may perhaps not read this Python's modules either: what a command imports late is imported before.
AS_NOBODY = """
import contextlib, io, json, os, sys, tempfile
from pathlib import Path
from threadreader import anchoring, cli, export

def run(*arguments):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        return cli.run(arguments), out.getvalue(), err.getvalue()

if os.geteuid() == 0:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.txt").write_text("Body.\\nA comment.\\nReplyDelete\\n")
        run("--library", folder, folder)
        run("--library", folder, "search", "unfound")
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
library, *commands = json.loads(sys.argv[1])
print(json.dumps([run("--library", library, *command) for command in commands]))
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(library: Library, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        status = cli.run(["--library", str(library.folder), *map(str, arguments)])
        return status, *capsys.readouterr()

    return run


def threads(library: Library) -> list[Thread]:
    return [library.index.thread(post.id) for post in library.index.posts()]


class TestDocuments:
    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (None, "there is no such document"),
            (b"", "empty"),
            (b" \r\n\t\n", "empty"),
            (bytes(range(256)) * 20, "binary"),
            (gzip.compress(b"ReplyDelete\n" * 100, mtime=0), "gzip data"),
            (b"\x00" * 10_000, "binary"),
            (b"Milk.\nRope.\n", "no thread found"),
            (b"x" * 1_000_000, "no thread found"),
        ],
        ids=["missing", "empty", "blank", "bytes", "gzip", "zeros", "list", "one word"],
    )
    def test_what_can_not_be_read_is_refused_in_a_line(
        self, run: Run, library: Library, tmp_path: Path, content: bytes | None, told: str
    ) -> None:
        path = tmp_path / "page.txt"
        if content is not None:
            path.write_bytes(content)
        status, out, err = run("add", path)
        assert (status, out, err.count("\n")) == (1, "", 1)
        assert err.startswith(f"{path}: ") and told in err
        assert threads(library) == [] and not library.sources.folder.exists()

    def test_a_pipe_is_not_waited_for(self, run: Run, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        status, _, err = run("add", tmp_path / "pipe")
        assert (status, "not a regular file" in err) == (1, True)

    def test_a_name_that_is_no_text_is_refused_in_a_line(self, run: Run, tmp_path: Path) -> None:
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\x1b.txt"))
        path.write_text("Body.\nA comment.\nReplyDelete\n")
        for arguments in ((path,), ("add", path), ("add", tmp_path)):
            status, _, err = run(*arguments)
            assert (status, err.count("\n"), "not UTF-8" in err, "\x1b" in err) == (1, 1, True, False)

    def test_a_line_end_in_a_name_makes_no_second_line(self, run: Run, tmp_path: Path) -> None:
        assert run("add", tmp_path / "two\nlines")[2].count("\n") == 1

    @pytest.mark.parametrize("count", ["No comments:", "0 comments:"])
    def test_a_post_without_comments_is_a_post(self, run: Run, tmp_path: Path, count: str) -> None:
        path = tmp_path / "page.txt"
        path.write_text(f"Wednesday, 7 April 2021\n\nFog\n\nIt lay there.\n\n{count}\n")
        assert run("add", path)[0] == 0
        (post,) = json.loads(run("posts", "--json")[1])
        assert (post["title"], post["comments"], post["warnings"]) == ("Fog", 0, 0)

    def test_a_document_above_the_limit_is_refused_before_it_is_read(
        self, run: Run, library: Library, tmp_path: Path
    ) -> None:
        path = tmp_path / "huge.txt"
        with path.open("wb") as file:
            file.truncate(200_000_000)
        before = _peak()
        status, _, err = run("add", path)
        assert (status, f"larger than {MAX_BYTES >> 20} MiB" in err) == (1, True)
        assert _peak() - before < 50_000  # KiB

    @pytest.mark.parametrize(
        "words",
        ["x" * 4_000_000, "word " * 800_000, "ReplyDelete" * 400_000],
        ids=["letters", "words", "endings"],
    )
    def test_a_very_long_line_takes_little_memory(self, library: Library, tmp_path: Path, words: str) -> None:
        path = tmp_path / "line.txt"
        path.write_text(words)
        script = (
            "import resource, sys; from threadreader import cli\n"
            "cli.run(sys.argv[1:])\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, "--library", library.folder, path], capture_output=True, text=True
        )
        assert int(done.stdout.split()[-1]) < 200_000  # KiB

    def test_what_a_terminal_obeys_is_shown_and_not_obeyed(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "page.txt"
        path.write_bytes(
            "A \x1b[31mred\x1b]0;title\x07 body.\n"
            "\u202eA [bold]comment[/bold] \x00 of \x9b31m it.\u2066\n"
            "ReplyDelete\n".encode()
        )
        run("add", path)
        for arguments in (
            ["show", "1"],
            ["show", "1", "--json"],
            ["posts"],
            ["search", "comment"],
            ["export"],
        ):
            out = run(*arguments)[1]
            assert not set("\x1b\x07\x00\x9b\u202e\u2066") & set(out)
        shown = run("show", "1")[1]
        assert "␛[31mred␛]0;title␇ body." in shown
        assert "A [bold]comment[/bold] ␀ of" in shown

    @pytest.mark.parametrize(
        ("encoding", "told", "guessed"),
        [
            ("latin-1", "latin-1", True),
            ("cp1252", "cp1252", True),
            ("utf-16", "utf-16-le", False),
            ("utf-8-sig", "utf-8", False),
        ],
    )
    def test_other_encodings_are_read_and_told(
        self, run: Run, tmp_path: Path, encoding: str, told: str, guessed: bool
    ) -> None:
        words = "Über die Brücke – café" if encoding != "latin-1" else "Über die Brücke, café"
        path = tmp_path / "page.txt"
        path.write_bytes(f"Der Anfang.\n{words}\nAntwortenLöschen\n".encode(encoding))
        run("add", path)
        shown = json.loads(run("show", "1", "--json")[1])
        assert shown["post"]["encoding"] == told
        assert [comment["text"] for comment in shown["comments"]] == [words]
        codes = [warning["code"] for warning in shown["post"]["warnings"]]
        assert ("encoding-guessed" in codes) == guessed

    def test_a_document_that_turns_bad_leaves_its_post_as_it_was(
        self, run: Run, library: Library, write_thread: WriteThread
    ) -> None:
        path = write_thread("fog.txt", FERRY)
        run("add", path)
        stored = threads(library)
        path.write_bytes(b"")
        assert run("add", path)[0] == 1
        assert threads(library) == stored
        assert library.check() == ([], [])


class TestStores:
    def test_an_index_damaged_within_is_built_again_when_a_command_comes_upon_it(
        self, run: Run, library: Library, write_thread: WriteThread
    ) -> None:
        run("add", write_thread("fog.txt", *(f"{FERRY} {number}" for number in range(200))))
        library.close()
        path = library.folder / "index.db"
        content = bytearray(path.read_bytes())
        content[8192:] = b"\xa5" * (len(content) - 8192)
        path.write_bytes(content)
        status, out, err = run("show", "1")
        assert (status, err) == (0, "")
        assert f"{FERRY} 199" in out

    def test_damaged_annotations_are_refused_and_left_alone(
        self, run: Run, library: Library, write_thread: WriteThread
    ) -> None:
        library.close()
        path = library.folder / "annotations.db"
        for side in library.folder.glob("annotations.db-*"):
            side.unlink()
        path.write_bytes(b"It was a store once." * 300)
        before = {file.name: file.read_bytes() for file in library.folder.glob("annotations*")}
        for arguments in (["posts"], ["add", write_thread("fog.txt", FERRY)], ["check"], []):
            status, _, err = run(*arguments)
            assert (status, err.count("\n"), err.startswith(f"{path}: ")) == (1, 1, True)
        assert {file.name: file.read_bytes() for file in library.folder.glob("annotations*")} == before
        with pytest.raises(AnnotationsDamaged):
            Library.open(library.folder)

    def test_a_library_that_is_a_file_is_refused_in_a_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").write_text("x")
        assert cli.run(["--library", str(tmp_path / "file"), "posts"]) == 1
        assert capsys.readouterr().err.count("\n") == 1

    def test_two_readers_see_each_others_marks(self, library: Library, write_thread: WriteThread) -> None:
        library.add(write_thread("fog.txt", FERRY, GULLS))
        with Library.open(library.folder) as other:
            (post,) = other.index.posts()
            first, second = other.index.thread(post.id).comments
            seen = library.annotations.data_version()
            other.annotations.note(post.id, first.id, "From the other.", other.quote(post.id, first.id))
            library.annotations.bookmark(post.id, second.id, library.quote(post.id, second.id))
            assert library.annotations.data_version() != seen
            assert library.annotations.marks() == other.annotations.marks()
            assert len(library.annotations.marks()) == 2

    def test_nothing_that_was_told_as_saved_is_gone_after_a_kill(
        self, library: Library, write_thread: WriteThread
    ) -> None:
        library.add(write_thread("fog.txt", FERRY))
        script = (
            "import sys; from pathlib import Path; from threadreader.library import Library\n"
            "library = Library.open(Path(sys.argv[1]))\n"
            "target = library.resolve('1/1')\n"
            "while True:\n"
            "    note = library.annotations.note(*target, 'A note.', library.quote(*target))\n"
            "    print(note.id, flush=True)\n"
        )
        command: list[str | Path] = [sys.executable, "-c", script, library.folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            told = [writer.stdout.readline().strip() for _ in range(10)]
            writer.send_signal(signal.SIGKILL)
            told += writer.stdout.read().split()
        with Library.open(library.folder) as opened:
            kept = {mark.id for mark in opened.annotations.marks()}
            # The last one may be cut in the middle of being told.
            assert set(told[:-1]) <= kept
            assert opened.check() == ([], [])

    def test_a_kill_while_documents_are_added_leaves_a_library_that_is_whole(
        self, library: Library, write_thread: WriteThread, tmp_path: Path
    ) -> None:
        paths = [
            write_thread(f"{n}.txt", f"{FERRY} {n}", f"{GULLS} {n}", title=f"Fog {n}") for n in range(40)
        ]
        script = (
            "import sys; from pathlib import Path; from threadreader.library import Library\n"
            "library = Library.open(Path(sys.argv[1]))\n"
            "for path in map(Path, sys.argv[2:]):\n"
            "    print(library.add(path).threads[0].post.id, flush=True)\n"
        )
        command: list[str | Path] = [sys.executable, "-c", script, library.folder, *paths]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            told = [writer.stdout.readline().strip() for _ in range(5)]
            writer.kill()
        with Library.open(library.folder) as opened:
            stored = {thread.post.id: thread for thread in threads(opened)}
            assert set(told) <= stored.keys()
        with Library.open(library.folder, anew=True) as rebuilt:
            again = {thread.post.id: thread for thread in threads(rebuilt)}
            assert {post_id: again[post_id] for post_id in stored} == stored


class TestReadOnly:
    """Run as somebody who may not write there: root may write anywhere."""

    @pytest.fixture
    def folder(self) -> Iterator[Path]:
        """A place that others may look into, unlike pytest's own."""
        folder = Path(tempfile.mkdtemp())
        folder.chmod(0o755)
        yield folder
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)
        shutil.rmtree(folder)

    @pytest.fixture
    def closed(self, folder: Path, write_thread: WriteThread) -> Path:
        """A library with a thread and a mark that can't be written."""
        path = write_thread("fog.txt", FERRY, GULLS, folder=folder)
        with Library.open(folder / "library") as library:
            library.add(path)
            target = library.resolve("1/1")
            library.annotations.bookmark(*target, library.quote(*target))
        subprocess.run(["chmod", "-R", "a-w,a+rX", folder], check=True)
        return folder / "library"

    def as_nobody(self, library: Path, *commands: list[str]) -> list[tuple[int, str, str]]:
        """Run command lines one after the other, as somebody else if this is root."""
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, json.dumps([str(library), *commands])],
            capture_output=True,
            check=True,
            stdin=subprocess.DEVNULL,
        )
        return [(status, out, err) for status, out, err in json.loads(done.stdout)]

    @pytest.mark.parametrize("index", ["there", "missing"])
    def test_a_library_that_can_not_be_written_is_read(self, closed: Path, index: str) -> None:
        if index == "missing":
            closed.chmod(0o755)
            for path in closed.glob("index.db*"):
                path.unlink()
            closed.chmod(0o555)
        before = sorted(closed.rglob("*"))
        posts, shown, found = self.as_nobody(closed, ["posts"], ["show", "1"], ["search", "gulls"])
        assert (posts[0], posts[1].count("Fog on the river  [1 bookmark]"), posts[2]) == (0, 1, "")
        assert FERRY in shown[1] and GULLS in found[1]
        assert sorted(closed.rglob("*")) == before

    def test_what_would_have_to_be_kept_is_refused_in_a_line(self, closed: Path, folder: Path) -> None:
        folder.chmod(0o755)
        rain = folder / "rain.txt"
        rain.write_text("Rain fell.\nA comment.\nReplyDelete\n")
        rain.chmod(0o644)
        commands = [["bookmark", "1/2"], ["note", "1/2", "x"], ["rename", "1", "x"], ["add", str(rain)]]
        for status, _, err in self.as_nobody(closed, *commands):
            assert (status, err.count("\n")) == (1, 1)
            assert str(closed) in err and "can't be written" in err

    def test_opening_it_says_that_marks_are_not_kept(self, closed: Path) -> None:
        ((status, out, err),) = self.as_nobody(closed, [])
        assert (status, "Fog on the river" in out) == (0, True)
        assert err == f"{closed}: can't be written, so marks are not kept.\n"

    def test_what_may_not_be_read_is_refused_and_read_once_it_may_be(
        self, folder: Path, write_thread: WriteThread
    ) -> None:
        library, shut = folder / "library", folder / "shut"
        library.mkdir()
        library.chmod(0o777)
        shut.mkdir(mode=0)
        fog = write_thread("fog.txt", FERRY, folder=folder)
        fog.chmod(0)
        document, whole_folder = self.as_nobody(library, ["add", str(fog)], ["add", str(shut)])
        assert document == (1, "", f"{fog}: may not be read. Check its permissions.\n")
        assert whole_folder == (1, "", f"{shut}: a folder that may not be listed. Check its permissions.\n")
        fog.chmod(0o644)
        ((_, out, _),) = self.as_nobody(library, [str(folder)])
        assert "Fog on the river" in out


def _peak() -> int:
    """The most memory that this process ever had, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
