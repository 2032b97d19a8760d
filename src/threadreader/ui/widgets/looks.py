"""The style of a widget's part as its theme says it, for drawing on whatever stands behind."""

from rich.style import Style
from textual.widget import Widget


def look(widget: Widget, component: str) -> Style:
    """The component's style, with a background only where its rules name one.

    Textual's own partial style leaves a colour with transparency (`$text-muted`) unmixed.
    """
    style = widget.get_component_rich_style(component)
    if widget.get_component_styles(component).has_rule("background"):
        return style
    return Style(
        color=style.color,
        bold=style.bold,
        italic=style.italic,
        underline=style.underline,
        reverse=style.reverse,
    )
