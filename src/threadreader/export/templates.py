"""The templates that exports are made with: Jinja2, sandboxed. What one says wrong is told in one line.

jinja2 is imported when the first template is asked for: the reader opens without it.
"""

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadreader.errors import TemplateBroken, UnknownReference
from threadreader.model import collapsed

if TYPE_CHECKING:
    from jinja2.environment import TemplateModule
    from jinja2.sandbox import SandboxedEnvironment

Macro = Callable[..., str]
SUFFIX = ".md.j2"
SHIPPED = f"marks{SUFFIX}"
PAGE = "page.html.j2"


class Templates:
    """Macros by name: the reader's where they have them, else ours."""

    def __init__(self, name: str | None = None, folder: Path | None = None) -> None:
        self._named = name, folder
        self._own = _module(*_own(name, folder)) if name else None
        self._shipped: TemplateModule | None = None

    def __reduce__(self) -> tuple[type, tuple[str | None, Path | None]]:
        """For another process: by name."""
        return type(self), self._named

    def macro(self, name: str) -> Macro:
        """The macro of that name; what it raises is a TemplateBroken."""
        found = getattr(self._own, name, None) if self._own else None
        return _explained(found, self._own_name()) if found else self._ours(name)

    def _ours(self, name: str) -> Macro:
        if self._shipped is None:
            self._shipped = _module(SHIPPED, _text_of(SHIPPED))
        found: Macro = getattr(self._shipped, name)
        return found

    def _own_name(self) -> str:
        return str(getattr(self._own, "threadreader_file", ""))


def page() -> "TemplateModule":
    """The macros of the page in HTML, which escape whatever is put into them."""
    return _module(PAGE, _text_of(PAGE), autoescape=True)


def _own(name: str, folder: Path | None) -> tuple[str, str]:
    """The file of a template, and its text."""
    places = [Path(name).expanduser()]
    if folder and not Path(name).parent.name:
        places += [folder / name, folder / f"{name}{SUFFIX}"]
    for place in places:
        try:
            if place.is_file():
                return str(place), place.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or "is not text in UTF-8"
            raise TemplateBroken(f"{place}: {said}.") from error
    where = f" Templates of your own lie in {folder} as NAME{SUFFIX}." if folder else ""
    raise UnknownReference(f"{name}: no such template.{where}")


def _text_of(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _environment(*, autoescape: bool) -> "SandboxedEnvironment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )


def _module(file: str, text: str, *, autoescape: bool = False) -> "TemplateModule":
    from jinja2 import TemplateSyntaxError

    try:
        template = _environment(autoescape=autoescape).from_string(text)
        template.filename = file
        module = template.module
    except TemplateSyntaxError as error:
        raise TemplateBroken(f"{file}, line {error.lineno}: {_said(error)}") from error
    except Exception as error:
        raise TemplateBroken(f"{file}{_line_in(error)}: {_said(error)}") from error
    module.threadreader_file = file  # type: ignore[attr-defined]
    return module


def _explained(macro: Any, file: str) -> Macro:
    def call(*given: object) -> str:
        try:
            return str(macro(*given))
        except Exception as error:
            raise TemplateBroken(f"{file}{_line_in(error)}: {_said(error)}") from error

    return call


def _line_in(error: BaseException) -> str:
    """Where in the template it happened; Jinja's frames bear its line numbers."""
    told = ""
    step = error.__traceback__
    while step:
        if template := step.tb_frame.f_globals.get("__jinja_template__"):
            told = f", line {template.get_corresponding_lineno(step.tb_lineno)}"
        step = step.tb_next
    return told


def _said(error: BaseException) -> str:
    words = collapsed(getattr(error, "message", None) or str(error)) or type(error).__name__
    return words if words.endswith(".") else f"{words}."
