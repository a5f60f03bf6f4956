"""Entries and the finished subtrees above them (RFC 6962). Rows are only ever added: database triggers refuse the rest."""

from django.db import models


class Head(models.Model):
    """The one row that says how many entries there are; locking it numbers the entries one after another."""

    size = models.BigIntegerField()


class Entry(models.Model):
    """One act. `data` is the leaf: canonical JSON in UTF-8, stored as bytes and never written again."""

    number = models.BigIntegerField(primary_key=True)
    time = models.DateTimeField(db_index=True)
    act = models.CharField(max_length=64, db_index=True)
    recording = models.UUIDField(null=True, db_index=True)
    case = models.CharField(max_length=32, blank=True, db_index=True)
    trace = models.CharField(max_length=32)
    data = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)


class Detail(models.Model):
    """What stands beside an entry and may be erased: names, reasons, texts. The leaf holds SHA-256(salt + payload)."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True)
    salt = models.BinaryField(max_length=32)
    payload = models.BinaryField()


class Node(models.Model):
    """The root of a finished subtree of 2**level entries, the `index`-th at that level from the left."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_node_per_place")]


class Checkpoint(models.Model):
    """A signed note over the tree at one size (C2SP tlog-checkpoint)."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    made = models.DateTimeField()
