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
        dim=style.dim,
        italic=style.italic,
        underline=style.underline,
        reverse=style.reverse,
    )


def ground(widget: Widget, component: str) -> Style:
    """What a part lays over others: background and signs, and a colour only where its rules name one."""
    style, rules = widget.get_component_rich_style(component), widget.get_component_styles(component)
    return Style(
        color=style.color if rules.has_rule("color") else None,
        bgcolor=style.bgcolor,
        underline=style.underline,
        reverse=style.reverse,
    )
