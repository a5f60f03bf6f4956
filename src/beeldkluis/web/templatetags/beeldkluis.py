"""The parts that every page is made of, so that no page spells out classes, and how facts are written on screen."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from beeldkluis.camera import makes
from beeldkluis.camera.port import Make

register = template.Library()

UNKNOWN = "onbekend"
KIBI = 1024
UNITS = ("KiB", "MiB", "GiB", "TiB")
NUMBER_UNITS = {
    "days": "dagen", "hours": "uren", "minutes": "minuten", "seconds": "seconden", "years": "jaren",
    "recordings": "opnames", "mebibytes": "MiB", "percent": "procent van wat er is",
    "weeks": "weken", "weeks_extended": "weken langer", "weeks_for_views": "weken voor een zienswijze",
    "machine_seconds": "seconden van de server", "person_seconds": "seconden van een mens",
    "months": "maanden", "months_extended": "maanden langer",
    "usual-days": "gewone dagen", "choice": "keuze", "least": "opnames, hoe weinig er ook zijn",
}  # fmt: skip
ALERTS = ("info", "ok", "warning", "error")
BUTTONS = {
    "primary": "primary-action",
    "secondary": "secondary-action",
    "danger": "primary-action utrecht-button--danger",
}


@register.simple_block_tag
def card(content: SafeString, title: str, anchor: str = "") -> SafeString:
    """A framed piece of the page under a heading of its own; `anchor` is an id to link to."""
    mark = format_html(' id="{}"', anchor) if anchor else ""
    return format_html('<section class="card"{}><h2>{}</h2>{}</section>', mark, title, content)


@register.simple_block_tag
def alert(content: SafeString, kind: str, title: str) -> SafeString:
    """What must be known before anything else. `kind` is info, ok, warning or error."""
    if kind not in ALERTS:
        raise template.TemplateSyntaxError(f"alert knows {', '.join(ALERTS)}, not {kind!r}")
    return format_html(
        '<section class="utrecht-alert utrecht-alert--{}"><div class="utrecht-alert__content">'
        '<div class="utrecht-alert__message"><h2>{}</h2>{}</div></div></section>',
        kind,
        title,
        content,
    )


@register.simple_block_tag
def facts(content: SafeString) -> SafeString:
    """A list of facts, each made with `fact`."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: SafeString, label: str) -> SafeString:
    """One fact with its label."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, content)


@register.simple_tag
def badge(kind: str, text: str) -> SafeString:
    """A state in one or two words. `kind` is ok, warning, error or neutral."""
    return format_html('<span class="utrecht-status-badge badge-{}">{}</span>', kind, text)


@register.simple_block_tag
def datatable(content: SafeString, caption: str) -> SafeString:
    """A table that scrolls inside itself on a narrow screen, also by keyboard."""
    return format_html(
        '<div class="table-scroll" role="region" aria-label="{}" tabindex="0"><table class="one-line">'
        '<caption class="screen-reader-only">{}</caption>{}</table></div>',
        caption,
        caption,
        content,
    )


@register.inclusion_tag("web/parts/steps.html")
def steps(progress: Iterable[object]) -> dict[str, Iterable[object]]:
    """How far something is. Each step has a title, a note and a state: done, now or todo."""
    return {"steps": progress}


@register.simple_block_tag
def actions(content: SafeString) -> SafeString:
    """What somebody can do here: buttons and links beside each other."""
    return format_html('<div class="actions">{}</div>', content)


@register.simple_tag
def button(text: str, kind: str = "primary", name: str = "", value: str = "") -> SafeString:
    """The button that sends the form around it. `kind` is primary, secondary or danger."""
    extra = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<button type="submit" class="utrecht-button utrecht-button--{}"{}>{}</button>', BUTTONS[kind], extra, text
    )


@register.simple_tag
def control(name: str, text: str, kind: str = "secondary") -> SafeString:
    """A button that a script listens to by this name: it sends nothing."""
    return format_html(
        '<button type="button" id="{}" class="utrecht-button utrecht-button--{}">{}</button>', name, BUTTONS[kind], text
    )


@register.simple_tag
def linkbutton(address: str, text: str, kind: str = "secondary") -> SafeString:
    """A link that looks like a button, for what changes nothing."""
    return format_html('<a class="utrecht-button utrecht-button--{}" href="{}">{}</a>', BUTTONS[kind], address, text)


@register.simple_tag
def camera_makes() -> tuple[Make, ...]:
    """The makes of camera that there are, with what differs between them."""
    return makes.MAKES


@register.filter
def scannable(drawing: str) -> SafeString:
    """A QR code that the server drew itself, as part of the page: a policy without data: addresses allows no other way."""
    return SafeString(drawing[drawing.index("<svg") :])


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in the municipality's own time: 31-10-2026 22:38."""
    return f"{timezone.localtime(value):%d-%m-%Y %H:%M}" if value else UNKNOWN


@register.filter
def to_the_second(value: datetime | None) -> str:
    """A moment in the municipality's own time, with its seconds: 31-10-2026 22:38:05."""
    return f"{timezone.localtime(value):%d-%m-%Y %H:%M:%S}" if value else UNKNOWN


@register.filter
def day(value: datetime | None) -> str:
    """The day of a moment: 31-10-2026."""
    return f"{timezone.localtime(value):%d-%m-%Y}" if value else UNKNOWN


@register.filter
def duration(milliseconds: int | None) -> str:
    """A length of time from milliseconds: 4 min 12 s. Rounded down to whole seconds."""
    if milliseconds is None:
        return UNKNOWN
    minutes, seconds = divmod(abs(int(milliseconds)) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if milliseconds < 0 else ""
    if hours:
        return f"{sign}{hours} u {minutes:02d} min"
    return f"{sign}{minutes} min {seconds:02d} s" if minutes else f"{sign}{seconds} s"


@register.filter
def bytesize(size: int | None) -> str:
    """A number of bytes in the largest unit that leaves at least one: 1,4 GiB."""
    if size is None:
        return UNKNOWN
    if size < KIBI:
        return f"{size} bytes"
    step = min((size.bit_length() - 1) // 10, len(UNITS))
    return f"{size / KIBI**step:.1f} {UNITS[step - 1]}".replace(".", ",")


@register.filter
def unit(name: str) -> str:
    """The unit of a number in the register, in Dutch: days becomes dagen."""
    return NUMBER_UNITS.get(name, name)
