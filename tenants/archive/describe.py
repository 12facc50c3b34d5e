"""What makes an archive useful without us: a description of each table, the tables as SQL, and a README."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.core.exporting import UNIT, Personal
from tenants.archive import scope
from tenants.archive.catalog import Column, column_list, quoted
from tenants.archive.manifest import Manifest
from tenants.archive.scope import Member
from tenants.archive.zipped import Writer
from tenants.migrate import plan, render

# Types of the Frictionless Table Schema, by what PostgreSQL calls its own.
_KINDS = {
    "uuid": ("string", "uuid"),
    "integer": ("integer", "default"),
    "bigint": ("integer", "default"),
    "smallint": ("integer", "default"),
    "boolean": ("boolean", "default"),
    "date": ("date", "default"),
    "timestamp with time zone": ("datetime", "any"),
    "double precision": ("number", "default"),
    "real": ("number", "default"),
    "json": ("object", "default"),
    "jsonb": ("object", "default"),
}
_HOW_WRITTEN = {
    "bytea": "Bytes in hexadecimal after \\x.",
    "timestamp with time zone": "An instant in UTC, as 2026-11-22 10:00:00+00.",
    "boolean": "t or f.",
    "jsonb": "JSON (RFC 8259).",
}
_PERSONAL = {
    Personal.EMAIL: "e-mail address of a person",
    Personal.NAME: "name of a person",
    Personal.SECRET: "secret of a person, hashed",
    Personal.WORDS: "may tell of persons",
}


def explain(writer: Writer, manifest: Manifest, members: Sequence[Member]) -> None:
    """Write everything that explains the archive."""
    writer.add("README.md", readme(manifest, members))
    writer.add("schema.sql", ddl(manifest))
    writer.add("load.sql", loading(members, manifest))
    for member in members:
        text = json.dumps(dictionary(member), ensure_ascii=False, indent=1) + "\n"
        writer.add(f"tables/{member.table.name}.json", text)


def dictionary(member: Member) -> dict[str, object]:
    """Return the description of one table (Frictionless Table Schema, with PostgreSQL's own types beside)."""
    about, columns = scope.meanings(member.table.name)
    references = [
        {"fields": list(ref.columns), "reference": {"resource": ref.table, "fields": list(ref.targets)}}
        for ref in member.table.references
    ]
    return {
        "name": member.table.name,
        "description": about,
        "path": f"{member.table.name}.csv",
        "fields": [_field(member, column, columns.get(column.name, "")) for column in member.columns],
        "primaryKey": list(member.table.key),
        "foreignKeys": references,
        "missingValues": [""],
    }


# Roles, and indexes of a copy for searching that need the extensions of a deployment.
OF_DEPLOYMENT = (render.ROLE, "shared.")


def ddl(manifest: Manifest) -> str:
    """Return the SQL that makes the tables as they were, without the roles of a deployment."""
    lines = ["-- The tables of the city at the revisions that manifest.json names."]
    for owner in plan.owners_of(manifest.revisions):
        lines.append(f"\n-- {owner} at {manifest.revisions[owner]}")
        statements = render.render(plan.folder(owner), None, manifest.revisions[owner])
        lines += [
            f"{statement};" for statement in statements if not any(of in statement for of in OF_DEPLOYMENT)
        ]
    return "\n".join(lines) + "\n"


def loading(members: Sequence[Member], manifest: Manifest) -> str:
    """Return the psql script that loads every table, those that others point to first."""
    lines = [
        "-- Run with psql in the folder of the archive, after schema.sql.",
        "\\set ON_ERROR_STOP on",
        "SET client_encoding = 'UTF8';",
        "SET datestyle = 'ISO, YMD';",
        "SET intervalstyle = 'iso_8601';",
        "SET timezone = 'UTC';",
    ]
    for member in members:
        name = member.table.name
        columns = column_list(column.name for column in member.columns)
        lines.append(f"\\copy {quoted(name)} ({columns}) FROM 'tables/{name}.csv' WITH (FORMAT csv, HEADER)")
    for sequence in manifest.sequences:
        called = "true" if sequence.is_called else "false"
        lines.append(f"SELECT setval('{quoted(sequence.name)}', {sequence.last_value}, {called});")
    return "\n".join(lines) + "\n"


def readme(manifest: Manifest, members: Sequence[Member]) -> str:
    """Return the words for whoever finds the archive."""
    tables = "\n".join(f"| `{member.table.name}` | {_first_line(member)} |" for member in members)
    left_out = "\n".join(f"| `{name}` | {reason} |" for name, reason in manifest.left_out.items())
    people = _PEOPLE_KEPT if manifest.people == "kept" else _PEOPLE_REPLACED
    bound = (
        _BOUND.format(what="\n".join(f"- {item}" for item in manifest.bound.what)) if manifest.bound else ""
    )
    return _README.format(
        name=manifest.city.name, people=people, bound=bound, tables=tables, left_out=left_out
    )


def _field(member: Member, column: Column, means: str) -> dict[str, object]:
    kind, form = _KINDS.get(column.type.partition("(")[0], ("string", "default"))
    model = (
        member.model.columns[column.name] if member.knows(column.name) and member.model is not None else None
    )
    sentences = [means, model.doc or "" if model is not None else "", _HOW_WRITTEN.get(column.type, "")]
    field: dict[str, object] = {
        "name": column.name,
        "type": kind,
        "format": form,
        "description": " ".join(sentence for sentence in sentences if sentence),
        "postgresql": column.type,
        "constraints": _constraints(column, model),
    }
    if model is not None and model.info.get(UNIT):
        field["unit"] = model.info[UNIT]
    personal = member.personal(column.name)
    if personal in _PERSONAL:
        field["personal"] = _PERSONAL[personal]
    return field


def _constraints(column: Column, model: sa.Column[Any] | None) -> dict[str, object]:
    found: dict[str, object] = {"required": column.needed}
    if column.type.startswith("character varying("):
        found["maxLength"] = int(column.type.removeprefix("character varying(").rstrip(")"))
    if model is not None and isinstance(model.type, sa.Enum):
        found["enum"] = list(model.type.enums)
    return found


def _first_line(member: Member) -> str:
    return scope.meanings(member.table.name)[0].partition("\n")[0]


_PEOPLE_KEPT = """\
It holds personal data: names, e-mail addresses, what people wrote, and hashes of their passwords. Keep it encrypted and only
as long as you need it."""
_PEOPLE_REPLACED = """\
Names and addresses of people were replaced by made-up ones, what they wrote and their passwords were removed."""
_BOUND = """
## Votes that are open

Voters of these votes are known only as hashes under the secret key of the deployment that this archive comes from:

{what}

On another deployment nobody on the roll would be recognised, and everybody could vote a second time. The archive also tells
how the votes stand so far. Keep it secret, delete it when the vote closes, and make a new one then.
"""
_README = """\
# {name}

This archive holds everything that {name} keeps on Parvis, as it was at one moment. You can use it without Parvis.

{people}
{bound}
## What is in it

| file | what |
|---|---|
| `manifest.json` | the city, its modules, the revisions of its tables, how many rows, and the SHA-256 of every file |
| `tables/….csv` | one table each: CSV (RFC 4180) in UTF-8, first the names of the columns; ordered by the primary key |
| `tables/….json` | what the columns of the table mean: name, type, unit, whether empty, references to other tables |
| `files/…` | pictures and other uploads, under the names that the tables use |
| `schema.sql` | the same tables for PostgreSQL |
| `load.sql` | fills them |
| `SHA256SUMS` | checksums |

In a CSV file, nothing between two commas is "no value" (NULL); `""` is an empty text. Instants are in UTC. Bytes are
written in hexadecimal after `\\x`. A text in several languages is a JSON object: language → words.

## Open it

Unpack it into an empty folder: by a double click, or `unzip archive.zip`. Check that nothing was lost on the way:

    sha256sum -c SHA256SUMS

Open the CSV files in a spreadsheet (as UTF-8, separated by commas), or with any program for data.

## Load it into PostgreSQL

In the folder, with any PostgreSQL from version 12 on:

    createdb city
    psql -d city -v ON_ERROR_STOP=1 -f schema.sql
    psql -d city -f load.sql

## Put it on Parvis again

    parvis city verify archive.zip
    parvis city restore archive.zip --address new-address

## Tables

| table | what it holds |
|---|---|
{tables}

## Left out

| table or column | why |
|---|---|
{left_out}
"""
