"""The settings file: what counts, where it comes from, and how mistakes are told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadreader.cli import configuring, run
from threadreader.config import Places
from threadreader.settings import Settings, View, known, value_of
from threadreader.settings.file import SettingsFile
from threadreader.settings.reading import lines_of, read_settings

Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    """Write the file of settings, which the environment names."""
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("THREADREADER_SETTINGS", str(path))

    def write(text: str) -> Path:
        path.write_text(text, encoding="utf-8")
        return path

    return write


def told(path: Path) -> list[str]:
    return [mistake.short.removeprefix("settings.toml, ") for mistake in read_settings(path, {}).mistakes]


def test_without_a_file_everything_is_as_by_default(tmp_path: Path) -> None:
    read = read_settings(tmp_path / "settings.toml", {})
    assert (read.settings, read.mistakes) == (Settings(), ())
    assert {read.origin(name) for name in known()} == {"default"}


def test_every_kind_of_value_is_read_with_its_line(written: Written) -> None:
    path = written(
        'theme = "nord"\n\n[view]\nindent = 4\nreduced_motion = true\n# seen\n[reading]\nseen_after = 2\n'
        '[keys]\npreset = "emacs"\n"thread.next" = "ctrl+n"\n'
    )
    read = read_settings(path, {})
    assert read.mistakes == ()
    for name, value, line in (
        ("theme", "nord", 1),
        ("view.indent", 4, 4),
        ("view.reduced_motion", True, 5),
        ("reading.seen_after", 2, 8),
        ("keys.preset", "emacs", 10),
    ):
        assert value_of(read.settings, name) == value
        assert read.origin(name) == f"settings.toml:{line}"
    assert read.settings.keys.given == {"thread.next": "ctrl+n"}
    assert read.origin("keys.thread.next") == "settings.toml:11"
    assert read.origin("view.max_text") == "default"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('them = "nord"', 'line 1: no setting "them"; the nearest is "theme".'),
        ("\n[view]\nident = 3", 'line 3: no setting "view.ident"; the nearest is "view.indent".'),
        ("[view]\nindent = 9", 'line 2: "view.indent" must be a whole number from 1 to 8, not 9.'),
        ("[view]\nindent = 2.5", 'line 2: "view.indent" must be a whole number from 1 to 8, not 2.5.'),
        ("[view]\nindent = true", 'line 2: "view.indent" must be a whole number from 1 to 8, not true.'),
        ("[view]\nreduced_motion = 1", 'line 2: "view.reduced_motion" must be true or false, not 1.'),
        (
            '[view]\nguides = "dots"',
            'line 2: "view.guides" must be one of "auto", "unicode", "ascii", not "dots".',
        ),
        (
            '[view]\ndates = "%Q"',
            'line 2: "view.dates" must be a form of dates such as "%Y-%m-%d %H:%M", not "%Q".',
        ),
        ("theme = 3", 'line 1: "theme" must be the name of a theme, not 3.'),
        ("view = 3", 'line 1: "view" is a table: write [view] on a line, and its settings below it.'),
        ("[keys]\n'a.b' = 3", 'line 2: the keys of "a.b" must be text such as "g g,home", or empty.'),
        ("[view]\nindent =\n", "line 2: Invalid value."),
        ("[view\n", "line 1: Expected ']' at the end of a table declaration."),
        ('theme = "a', "line 1: Unterminated string."),
    ],
)
def test_a_mistake_is_told_with_its_line(written: Written, text: str, message: str) -> None:
    path = written(text)
    assert told(path) == [message]
    assert str(read_settings(path, {}).mistakes[0]).startswith(f"{path}, line ")


def test_what_is_wrong_keeps_its_default_and_the_rest_counts(written: Written) -> None:
    read = read_settings(written("[view]\nindent = 0\nmax_text = 80\nnonsense = 1"), {})
    assert (read.settings.view.indent, read.settings.view.max_text) == (2, 80)
    assert (read.origin("view.indent"), len(read.mistakes)) == ("default", 2)


@pytest.mark.parametrize("form", ["%d.%m.%Y", "%H:%M", "%-d %B", "100%%"])
def test_forms_of_dates_that_can_be_used(written: Written, form: str) -> None:
    assert told(written(f'[view]\ndates = "{form}"')) == []


@pytest.mark.parametrize("form", ["", "%", "%Y\\n%m", "%H" * 50])
def test_forms_of_dates_that_can_not(written: Written, form: str) -> None:
    assert len(told(written(f'[view]\ndates = "{form}"'))) == 1


def test_a_file_that_is_no_text_or_can_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b'theme = "\xff"')
    assert told(path) == ["settings.toml: this is not UTF-8 text."]
    assert read_settings(tmp_path, {}).settings == Settings()
    assert len(read_settings(tmp_path, {}).mistakes) == 1


def test_no_control_character_of_the_file_reaches_the_terminal(written: Written) -> None:
    (mistake,) = read_settings(written('"them\\u001b[2J" = "\\u001b"'), {}).mistakes
    assert str(mistake).isprintable()


def test_lines_are_found_however_the_toml_is_written() -> None:
    text = (
        "theme = '''\nindent = 1\n[keys]'''\n"
        "view.indent = 3\n"
        "reading = { seen_after = 1,\n words_per_minute = 2 }\n".replace(",\n", ",")
        + '[ "folds" ] # head\n\n# read = true\n"read" = true\n'
        '[keys]\nthread.next = \'j\'\n"thread.in" = """\nl,\\\n   right"""\n\'screen.quit\' = \'\'\n'
    )
    assert dict(lines_of(text)) == {
        "theme": 1,
        "view.indent": 4,
        "reading.seen_after": 5,
        "reading.words_per_minute": 5,
        "folds": 6,
        "folds.read": 9,
        "keys": 10,
        "keys.thread.next": 11,
        "keys.thread.in": 12,
        "keys.screen.quit": 15,
    }


@given(st.text(max_size=80))
def test_no_text_whatever_stops_the_reading(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(text.encode(errors="replace"))
    read = read_settings(path, {})
    assert isinstance(read.settings, Settings)
    assert all(str(mistake).isprintable() for mistake in read.mistakes)


def test_the_environment_goes_over_the_file(written: Written) -> None:
    path = written('theme = "nord"\n[view]\nindent = 3')
    read = read_settings(
        path,
        {
            "THREADREADER_THEME": "dracula",
            "THREADREADER_FOLDS_READ": "true",
            "THREADREADER_READING_SEEN_AFTER": "1.5",
            "THREADREADER_VIEW_INDENT": "wide",
        },
    )
    settings = read.settings
    assert (settings.theme, settings.folds.read, settings.reading.seen_after) == ("dracula", True, 1.5)
    assert (read.origin("theme"), settings.view.indent) == ("THREADREADER_THEME", 3)
    assert [str(mistake) for mistake in read.mistakes] == [
        'THREADREADER_VIEW_INDENT: "view.indent" must be a whole number from 1 to 8, not "wide".'
    ]


def test_a_change_of_the_file_is_noticed_once(written: Written) -> None:
    path = written("theme = 'nord'")
    file = SettingsFile(path, {})
    assert not file.has_changed()
    path.unlink()
    assert file.has_changed()
    assert file.read().settings == Settings()
    assert not file.has_changed()


def test_the_platform_says_where_the_file_is_unless_it_is_named(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import platformdirs

    places = Places.find(own_home)
    assert places.settings == platformdirs.user_config_path("threadreader") / "settings.toml"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert places.settings == platformdirs.user_config_path("threadreader") / "settings.toml"
    monkeypatch.setenv("THREADREADER_SETTINGS", "~/my.toml")
    assert places.settings == own_home / "my.toml"


# The command


def test_show_prints_every_setting_with_where_it_comes_from(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    written("[view]\nindent = 4")
    assert run(["config", "--show"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == list(known())
    assert ["view.indent", "4", "settings.toml:2"] in lines
    assert ["folds.read", "false", "default"] in lines


def test_show_prints_json_for_scripts(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    path = written("[keys]\n'thread.next' = 'ctrl+n'")
    assert run(["config", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["path"], record["mistakes"]) == (str(path), [])
    assert record["settings"][-1] == {
        "name": "keys.thread.next",
        "value": "ctrl+n",
        "from": "settings.toml:2",
    }


def test_show_tells_every_mistake_and_fails(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    path = written("them = 1\ntheme = 'nrod'\n[keys]\n'thread.nxt' = 'x'")
    assert run(["config", "--show"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f'{path}, line 1: no setting "them"; the nearest is "theme".',
        f'{path}, line 2: no theme "nrod"; the nearest is "nord".',
        f'{path}, line 4: no action "thread.nxt"; the nearest is "thread.next".',
    ]


def test_path_prints_the_file(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    path = written("")
    assert run(["config", "--path"]) == 0
    assert capsys.readouterr().out == f"{path}\n"


def test_edit_makes_a_file_of_defaults_and_checks_it_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "settings.toml"
    monkeypatch.setenv("THREADREADER_SETTINGS", str(path))
    monkeypatch.setenv("VISUAL", "sed -i -e s/^#.indent/ident/")
    assert run(["config", "--edit"]) == 1
    assert 'no setting "view.ident"; the nearest is "view.indent".' in capsys.readouterr().err
    assert path.read_text() == configuring.template().replace("# indent", "ident")


@pytest.mark.parametrize("editor", ["", "no-such-editor-here", "false"])
def test_edit_without_an_editor_that_works_says_so(
    written: Written, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], editor: str
) -> None:
    written("")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    assert run(["config", "--edit"]) == 1
    assert (editor or "$EDITOR") in capsys.readouterr().err


def test_the_file_of_defaults_means_what_it_says(written: Written) -> None:
    template = configuring.template()
    assert read_settings(written(template), {}).settings == Settings()
    names = [name.rpartition(".")[2] for name in known()]
    lines = (
        line.removeprefix("# ") if line.removeprefix("# ").split(" = ")[0] in names else line
        for line in template.splitlines()
    )
    read = read_settings(written("\n".join(lines)), {})
    assert (read.settings, read.mistakes) == (Settings(), ())
    assert set(known()) <= set(read.lines)


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        ("%Y-%m-%d %H:%M", "%Y-%m-%d"),
        ("%d.%m.%y", "%d.%m.%y"),
        ("%H:%M on %d %b", "%d %b"),
        ("%a %d. %b %Y, %I:%M %p", "%a %d. %b %Y"),
        ("%c", "%x"),
        ("%H:%M", "%Y-%m-%d"),
    ],
)
def test_a_day_is_written_as_the_dates_are_without_what_is_a_time(dates: str, days: str) -> None:
    assert View(dates=dates).days == days
