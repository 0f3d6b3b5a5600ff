"""The documents below a raw folder, in an order that depends on their paths alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from monopipe.document import MAX_BYTES
from monopipe.errors import BuildError, DocumentError
from monopipe.tables import Reject

SUFFIXES = (".md", ".markdown", ".mdx", ".txt")


@dataclass(frozen=True)
class SourceFile:
    """A document to be read: its path below the raw folder, and its size and times of change when listed."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int = 0

    @property
    def source_path(self) -> str:
        """The path as the tables print it: bytes that are no UTF-8 become escapes."""
        return printable(self.path)


@dataclass(frozen=True)
class Discovery:
    """The documents to be read and what was found in their place, both sorted by path."""

    files: tuple[SourceFile, ...]
    rejects: tuple[Reject, ...]


def printable(path: str) -> str:
    r"""The path with the bytes that are no UTF-8 as backslash escapes.

    >>> printable("a\udcff.md")
    'a\\xff.md'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def discover(raw: Path) -> Discovery:
    """Every document below `raw`, hidden files left out; what cannot be one is rejected, not passed over."""
    if not raw.is_dir():
        raise BuildError(f"{raw}: there is no such folder; name the folder that holds the monographs")
    root = Path(os.path.realpath(raw))
    files: list[SourceFile] = []
    rejects: list[Reject] = []
    for path in _candidates(raw, rejects):
        try:
            files.append(_examine(raw, root, path))
        except DocumentError as error:
            rejects.append(reject(path, error))
    if not files and not rejects:
        raise BuildError(f"{raw}: no documents found; monographs are files that end in {', '.join(SUFFIXES)}")
    files.sort(key=lambda f: f.source_path)
    rejects.sort(key=lambda r: r.source_path)
    return Discovery(tuple(files), tuple(rejects))


def reject(path: str, error: DocumentError) -> Reject:
    """The row that says why the document at `path` could not be read."""
    return Reject(source_path=printable(path), error_kind=error.kind, error_message=str(error), line=error.line)


def place(bad: Reject) -> str:
    """Where the fault of a rejected document is: its path, with the line where that is known."""
    return bad.source_path if bad.line is None else f"{bad.source_path}:{bad.line}"


def read_bytes(raw: Path, path: str) -> bytes:
    """The bytes of a listed document; never more than the limit is read, whatever became of the file since."""
    try:
        with opened(raw / path) as f:
            data = f.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise DocumentError("vanished", "the file was listed but is gone; the next run will not miss it") from None
    except IsADirectoryError:
        raise _not_a_file("a folder") from None
    except OSError as error:
        raise _unreadable(error) from None
    if len(data) > MAX_BYTES:
        raise _too_large("more")
    return data


@contextmanager
def opened(place: Path) -> Iterator[BufferedReader]:
    """The file, open for reading; a pipe that has taken its place is an error, not a wait for whoever writes to it."""
    with open(place, "rb", opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise _not_a_file("a pipe, socket or device")
        yield file


def _candidates(raw: Path, rejects: list[Reject]) -> Iterator[str]:
    """The paths that are named like documents or, being links to folders, may hide some."""

    def refused(error: OSError) -> None:
        path = os.path.relpath(error.filename, raw)
        rejects.append(reject(path, _unreadable(error)))

    for folder, folders, names in os.walk(raw, onerror=refused):
        below = os.path.relpath(folder, raw)
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in [*folders, *names]:
            path = name if below == "." else f"{below}/{name}".replace(os.sep, "/")
            linked_folder = name in folders and (Path(folder) / name).is_symlink()
            if not name.startswith(".") and (name.lower().endswith(SUFFIXES) or linked_folder):
                yield path


def _examine(raw: Path, root: Path, path: str) -> SourceFile:
    """The document at `path`, or a DocumentError that says why it is none. The file is not opened."""
    place = raw / path
    try:
        status = os.lstat(place)
        if stat.S_ISLNK(status.st_mode):
            if not Path(os.path.realpath(place)).is_relative_to(root):
                message = (
                    f"a link to {printable(str(place.readlink()))}, outside the raw folder; put a copy here instead"
                )
                raise DocumentError("link_leaves_raw", message)
            status = place.stat()
    except FileNotFoundError:
        if place.is_symlink():
            raise DocumentError(
                "unreadable", f"a link to {printable(str(place.readlink()))}, which is missing"
            ) from None
        raise DocumentError("vanished", "the file was listed but is gone; the next run will not miss it") from None
    except OSError as error:
        raise _unreadable(error) from None
    if stat.S_ISDIR(status.st_mode):
        if place.is_symlink():
            raise DocumentError("not_a_file", "a link to a folder, which is not followed; put the folder itself here")
        raise _not_a_file("a folder")
    if not stat.S_ISREG(status.st_mode):
        raise _not_a_file("a pipe, socket or device")
    if status.st_size > MAX_BYTES:
        raise _too_large(f"{status.st_size:,} bytes")
    return SourceFile(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _not_a_file(what: str) -> DocumentError:
    return DocumentError("not_a_file", f"{what} that is named like a document; rename it")


def _unreadable(error: OSError) -> DocumentError:
    return DocumentError("unreadable", f"cannot be read ({error.strerror or error}); check its permissions")


def _too_large(size: str) -> DocumentError:
    return DocumentError("too_large", f"{size}, of at most {MAX_BYTES:,} bytes; split the document")
