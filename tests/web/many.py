"""Many rows of everything there is: copies of each row of a world, with what belongs to them, written at once.

    copies = Copies()           # of what is there now, such as tests.web.everything made
    copies.write(10)            # every row ten times more
    copies.write(30)            # and thirty times more

A copy's names and numbers are its own; what points to another row points to the copy of that row. The models are asked what
there is, so a table that is added later is filled as well. Of what there may be only one the database keeps the first.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from django.apps import apps
from django.db import models

# What is no row of every day, or of which more would be another world: the journal, versions of the protocol, accounts, keys.
LEFT_OUT = {
    "journal", "auth", "contenttypes", "sessions", "sites", "governance", "account", "mfa", "web.belonging", "people.running",
    "people.person", "people.teamkey", "people.acknowledgement", "people.handoverplan", "people.handover", "people.handoverwait",
    "people.handoveritem", "retention.pace", "retention.brake", "devices.cameramodel",
}  # fmt: skip
HASH, REFERENCE = re.compile(r"[0-9a-f]{64}"), re.compile(r"(\d{4})-(\d{4,})")
SPACE = UUID("6f9e1a52-5a0f-4f43-9d55-0a4b6f9c3c11")
AT_ONCE = 200


def copied() -> list[type[models.Model]]:
    """The models of which rows are copied, each after those it points to."""
    order: list[type[models.Model]] = []

    def put(model: type[models.Model]) -> None:
        label = model._meta
        if model in order or {label.app_label, label.label_lower} & LEFT_OUT:
            return
        for field in label.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is not model:
                put(field.related_model)
        order.append(model)

    for one in apps.get_models():
        put(one)
    return order


class Copies:
    """The rows that there are when it is made, and how many copies of them were written."""

    def __init__(self) -> None:
        self.rows = {model: list(model._default_manager.all()) for model in copied()}
        self.written = 0
        self.refused: set[tuple[type[models.Model], Any]] = set()  # copies of which there may be only one
        self.keys = {(model, row.pk): at for model, rows in self.rows.items() for at, row in enumerate(rows, 1)}
        self.own = {one for model, rows in self.rows.items() for row in rows for one in _own(model, row)}
        self.top = {
            field: model._default_manager.aggregate(top=models.Max(field.name))["top"] or 0
            for model in self.rows
            for field in model._meta.concrete_fields
            if _is_number(field)
        }

    def write(self, times: int) -> None:
        """So many copies more of each row."""
        numbers = range(self.written + 1, self.written + times + 1)
        for model, rows in self.rows.items():
            made = [self._copy(model, row, number) for number in numbers for row in rows]
            wanted = [one for one in made if not self.refused & set(_points_to(one))]
            model._default_manager.bulk_create(wanted, AT_ONCE, ignore_conflicts=True)
            there = set(model._default_manager.values_list("pk", flat=True))
            self.refused |= {(model, one.pk) for one in made if one.pk not in there}
        self.written += times

    def _copy(self, model: type[models.Model], row: models.Model, number: int) -> models.Model:
        fields = model._meta.concrete_fields
        return model(**{one.attname: self._value(model, row, one, number) for one in fields})

    def _value(self, model: type[models.Model], row: models.Model, field: Any, number: int) -> Any:
        value = getattr(row, field.attname)
        if isinstance(field, models.ForeignKey):
            there = (field.related_model, value) in self.keys
            return self._key(field.related_model, value, number) if there and value is not None else value
        if field.primary_key:
            return self._key(model, value, number)
        if _is_number(field):
            return self.top[field] + (number - 1) * len(self.rows[model]) + self.keys[model, row.pk]
        return _another(value, number, field) if _is_hashable(value) and value in self.own else value

    def _key(self, model: type[models.Model], value: Any, number: int) -> Any:
        field = model._meta.pk
        if isinstance(field, models.ForeignKey):
            return self._key(field.related_model, value, number)
        if _is_number(field):
            return self.top[field] + (number - 1) * len(self.rows[model]) + self.keys[model, value]
        return _another(value, number, field)


def _points_to(row: models.Model) -> Iterator[tuple[type[models.Model], Any]]:
    fields = [one for one in row._meta.concrete_fields if isinstance(one, models.ForeignKey)]
    return ((one.related_model, getattr(row, one.attname)) for one in fields)


def _is_number(field: Any) -> bool:
    return isinstance(field, models.IntegerField) and field.unique


def _is_hashable(value: Any) -> bool:
    return isinstance(value, (str, UUID)) and bool(value)


def _own(model: type[models.Model], row: models.Model) -> set[Any]:
    """What names this row and no other: also where it stands in another row without pointing there."""
    values = [getattr(row, one.attname) for one in model._meta.concrete_fields if one.unique]
    return {one for one in values if _is_hashable(one)}


def _another(value: Any, number: int, field: Any) -> Any:
    """A name of the same form as this one for a copy, always the same for the same copy."""
    if isinstance(value, UUID):
        return uuid5(SPACE, f"{value}/{number}")
    if HASH.fullmatch(value):
        return sha256(f"{value}/{number}".encode()).hexdigest()
    if found := REFERENCE.fullmatch(value):
        return f"{found[1]}-{int(found[2]) + 100 * number:04d}"
    return f"{number}-{value}"[: field.max_length]
