"""What can go wrong with the database, named by what the caller may do about it."""

from __future__ import annotations


class StorageFailed(Exception):
    """Nothing was stored, or nothing could be read: disk full, database locked or damaged, storage closed.

    Trading actions stop until it works again; what is in memory may be ahead of the database and is to be loaded anew.
    """


class RowMissing(LookupError):
    """The row to be changed is not there, or belongs to another bot or person. Nothing was changed."""
