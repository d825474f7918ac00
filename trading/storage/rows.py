"""Between records and rows: columns carry the names of the fields."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Insert, Table, and_
from sqlalchemy.dialects import postgresql, sqlite


def columns_of(table: Table, record: type[Any]) -> list[Column[Any]]:
    """The columns of a record's fields, in their order: ``record(*row)`` makes it again."""
    return [table.c[field.name] for field in fields(record)]


def values_of(record: Any) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def insert_new(connection: Connection, table: Table, *unique: str) -> Insert:
    """An insert that leaves a row alone which is already there by its ``unique`` columns."""
    return _insert_new(connection.dialect.name, table, unique)


def upsert(connection: Connection, table: Table, *unique: str, fixed: tuple[str, ...] = ()) -> Insert:
    """An insert that brings a row up to date which is already there by its ``unique`` columns.

    Where a ``fixed`` column of that row differs, the row is left alone and not counted.
    """
    return _upsert(connection.dialect.name, table, unique, fixed)


@cache
def _insert_new(dialect: str, table: Table, unique: tuple[str, ...]) -> Insert:
    statement: Insert = _insert(dialect, table).on_conflict_do_nothing(index_elements=unique)
    return statement


@cache
def _upsert(dialect: str, table: Table, unique: tuple[str, ...], fixed: tuple[str, ...]) -> Insert:
    insert = _insert(dialect, table)
    new = insert.excluded
    changes = {column.name: new[column.name] for column in table.columns if column.name not in (*unique, *fixed)}
    same = [table.c[name] == new[name] for name in fixed]
    statement: Insert = insert.on_conflict_do_update(
        index_elements=unique, set_=changes, where=and_(*same) if same else None
    )
    return statement


def _insert(dialect: str, table: Table) -> Any:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
