"""One filter that every template knows: a sentence of the program in the municipality's words."""

from django import template

from beeldkluis.protocol import naming

register = template.Library()


@register.filter(is_safe=True)  # no name has a mark of HTML in it (protocol.reading.names)
def own_words(text: object) -> str:
    """The standard words for roles replaced by the municipality's names. Not for what somebody typed."""
    return naming.own_words(str(text))
