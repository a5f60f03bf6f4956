"""A row without what it says of people: whatever is not named to stay is emptied, so that a column nobody thought of goes too."""

from collections.abc import Set as AbstractSet
from typing import Any

from django.db import models


def emptied(model: type[models.Model], stays: AbstractSet[str]) -> dict[str, Any]:
    """For `update`: every column of the model that is not in `stays`, with nothing in it. LookupError when `stays` names what is
    no column.
    """
    columns = {one.name: one for one in model._meta.concrete_fields}  # noqa: SLF001 - Django's documented way to the columns
    if strange := stays - columns.keys():
        raise LookupError(f"{model.__name__} has no {', '.join(sorted(strange))}")
    return {name: _nothing(one) for name, one in columns.items() if name not in stays}


def _nothing(column: models.Field[Any, Any]) -> Any:
    if column.null:
        return None
    if isinstance(column, models.CharField | models.TextField):
        return ""
    return b"" if isinstance(column, models.BinaryField) else column.get_default()
