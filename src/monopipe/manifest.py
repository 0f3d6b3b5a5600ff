"""What a build says about itself: the manifest, the Frictionless Data Package, the fingerprint of the code."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from monopipe.errors import BuildError
from monopipe.schema import Column, Table

MANIFEST = "manifest.json"
CONTRACT_VERSION = 1
KEY_LIBRARIES = ("duckdb", "markdown-it-py", "pyarrow", "python-frontmatter", "PyYAML")
_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "datetime": "datetime"}


@cache
def version() -> str:
    """The version of monopipe."""
    return metadata.version("monopipe")


def libraries() -> dict[str, str]:
    """The versions of what the rows and their bytes depend on."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in KEY_LIBRARIES}}


def fingerprint() -> str:
    """SHA-256 over the package's files, vocabularies included, and the libraries that the rows depend on."""
    digest = hashlib.sha256(json.dumps(libraries()).encode())
    for name, file in sorted(_files(resources.files("monopipe"), "")):
        digest.update(f"{name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Traversable, below: str) -> list[tuple[str, Traversable]]:
    files = []
    for entry in folder.iterdir():
        if entry.is_dir():
            files += [] if entry.name == "__pycache__" else _files(entry, f"{below}{entry.name}/")
        elif not entry.name.startswith("."):
            files.append((f"{below}{entry.name}", entry))
    return files


def write_manifest(folder: Path, facts: dict[str, Any], *, known: dict[str, Any] | None = None) -> None:
    """The manifest, written last: a build with a manifest is whole. Files in `known` are not read again.

    Its seal is the hash of all else in it, so that no byte of a build can change unnoticed.
    """
    files = {p.name: (known or {}).get(p.name) or _described(p) for p in sorted(folder.iterdir())}
    content = {"contract_version": CONTRACT_VERSION, **facts, "libraries": libraries(), "files": files}
    (folder / MANIFEST).write_bytes(_json(content | {"seal": _seal(content)}))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a build; BuildError when it cannot be read or is not what was written."""
    try:
        data = (folder / MANIFEST).read_bytes()
        content: dict[str, Any] = json.loads(data)
        rest = {key: value for key, value in content.items() if key != "seal"}
        whole = "seal" not in content or (content["seal"] == _seal(rest) and data == _json(content))
        whole = whole and isinstance(content["files"], dict)  # without a seal: written before there were seals
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{folder / MANIFEST}: cannot be read ({type(error).__name__})") from None
    if not whole:
        raise BuildError(f"{folder / MANIFEST}: is not as it was written")
    return content


def damaged(folder: Path, manifest: dict[str, Any], *, only: Iterable[str] | None = None) -> list[str]:
    """What is wrong with the files of a build (or with `only` some), by the sizes and hashes of its manifest."""
    faults = []
    for name in manifest["files"] if only is None else only:
        was = manifest["files"].get(name)
        try:
            if _described(folder / name) != was:
                faults.append(f"{name} is not as it was written")
        except OSError as error:
            faults.append(f"{name} cannot be read ({error.strerror})")
    return faults


def copied(folder: Path, manifest: dict[str, Any], name: str, target: Path) -> bool:
    """Copy a file of a build to `target`, and tell whether it is as it was written: a large one is read once for both."""
    digest = hashlib.sha256()
    with target.open("wb") as copy:
        for some in _readable(folder / name):
            digest.update(some)
            copy.write(some)
    return bool(manifest["files"][name]["sha256"] == digest.hexdigest())


def _readable(path: Path) -> Iterator[bytes]:
    """The bytes of a file as far as they can be read."""
    with suppress(OSError), path.open("rb") as file:
        while some := file.read(2**20):
            yield some


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as f:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(f, "sha256").hexdigest()}


def _seal(content: dict[str, Any]) -> str:
    return hashlib.sha256(_json(content)).hexdigest()


def write_datapackage(folder: Path, tables: dict[str, Table]) -> None:
    """The Frictionless Data Package v2 of a build, from the declarations of its tables and the files that hold them."""
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "monopipe",
        "title": "Drug monographs as tables",
        "description": "What the monographs say, with the words and lines that say it. No medical advice.",
        "version": version(),
        "keywords": ["drug", "dosage", "side effect", "drug interaction", "provenance"],
        "licenses": [
            {"name": "notspecified", "title": "That of the monographs, which they do not state; the tables add none"}
        ],
        "sources": [
            {"title": "Monographs in Markdown: one row each, with path and SHA-256", "path": "documents.parquet"}
        ],
        "resources": [_resource(table, folder) for table in tables.values()],
    }
    _write(folder / "datapackage.json", package)


def _resource(table: Table, folder: Path) -> dict[str, Any]:
    path = folder / f"{table.name}.parquet"
    with path.open("rb") as f:
        digest = hashlib.file_digest(f, "sha256").hexdigest()
    references = [
        {"fields": [c.name], "reference": {"resource": c.ref.__table__.name, "fields": [c.ref.__table__.key[0]]}}
        for c in table.columns
        if c.ref is not None
    ]
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(c, table.key == (c.name,)) for c in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [],  # null is null, and an empty text is a text
    }
    return {
        "name": table.name,
        "path": path.name,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "description": table.description,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": schema | ({"foreignKeys": references} if references else {}),
    }


def _field(column: Column, alone: bool) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if not column.nullable:
        constraints["required"] = True
    if alone:
        constraints["unique"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    field = {"name": column.name, "type": _TYPES[column.type.__name__], "description": column.description}
    return field | ({"constraints": constraints} if constraints else {})


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_bytes(_json(content))


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
