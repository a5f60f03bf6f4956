"""Which page of a long list is asked for."""

from django.http import HttpRequest

DIGITS = 40


def page_number(request: HttpRequest) -> int:
    """The number behind `pagina` in the address; the first for anything else. A paginator makes a page of any number."""
    text = request.GET.get("pagina", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else 1
