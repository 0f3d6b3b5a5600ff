"""What a build remembers of the files that it was made from, so that the next one need not read them again.

A file is taken for unchanged when its size and its times of change are what they were. As with git's index, that is
believed only of a file that had not been changed within the last moment before it was read: a second change within
the same tick of the file system's clock would leave no trace ("racily clean"). The time of change of the inode is
compared too, which no program can set back.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from monopipe.discovery import SourceFile, opened
from monopipe.errors import DocumentError
from monopipe.tables import Reject

SOURCES = "sources.json"
CONTENT_KINDS = frozenset(
    "not_utf8 nul_bytes empty_file no_front_matter front_matter_not_mapping front_matter_not_closed yaml_error"
    " yaml_too_complex no_title markdown_too_deep".split()
)
"""The kinds of error that only a document's bytes decide: those bytes need no second look."""

_TICK, _COARSE_TICK = 50_000_000, 2_000_000_000
"""Nanoseconds after which a change has another time: kernel ticks are up to 10 ms, some file systems count seconds."""

_LONGEST_WAIT = 100_000_000


@dataclass(frozen=True)
class Seen:
    """A file whose bytes were read: as listed, their hash, and whether a later change cannot go unnoticed."""

    size: int
    mtime_ns: int
    ctime_ns: int
    sha256: str
    settled: bool

    @classmethod
    def of(cls, file: SourceFile, sha256: str, read_at_ns: int) -> Seen:
        """The file as it was listed, with what was read when."""
        tick = _TICK if file.ctime_ns % 1_000_000_000 else _COARSE_TICK
        return cls(file.size, file.mtime_ns, file.ctime_ns, sha256, read_at_ns - file.ctime_ns > tick)

    def is_still(self, file: SourceFile) -> bool:
        """Whether the listed file must hold the bytes that were read."""
        now = (file.size, file.mtime_ns, file.ctime_ns)
        return self.settled and (self.size, self.mtime_ns, self.ctime_ns) == now


class Refusal(NamedTuple):
    """Why bytes are no document: the values of a DocumentError."""

    kind: str
    message: str
    line: int | None


@dataclass(frozen=True)
class Header:
    """What is known of a readable document: its title, its date, and the drug id of its rows where it has some."""

    title: str
    last_modified: datetime | None
    drug_id: str | None


@dataclass(frozen=True)
class Sources:
    """The files by path, and by hash what their bytes are: a document, or why they are none."""

    files: dict[str, Seen]
    documents: dict[str, Header]
    rejects: dict[str, Refusal]
    others: tuple[Reject, ...] = ()
    """Rejects that do not follow from a file's bytes alone, such as of a link or of a file that vanished."""

    def write(self, folder: Path) -> None:
        """Keep it with the build."""
        content = {
            "files": {p: [s.size, s.mtime_ns, s.ctime_ns, s.sha256, s.settled] for p, s in self.files.items()},
            "documents": {
                sha: [h.title, h.last_modified and h.last_modified.isoformat(), h.drug_id]
                for sha, h in self.documents.items()
            },
            "rejects": self.rejects,
            "others": [asdict(r) for r in self.others],
        }
        (folder / SOURCES).write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="ascii")


def read_sources(folder: Path) -> Sources:
    """What the build in `folder` remembers. The caller has checked the file's hash."""
    content: dict[str, Any] = json.loads((folder / SOURCES).read_bytes())
    return Sources(
        {path: Seen(*values) for path, values in content["files"].items()},
        {
            sha: Header(title, datetime.fromisoformat(modified) if modified else None, drug_id)
            for sha, (title, modified, drug_id) in content["documents"].items()
        },
        {sha: Refusal(*values) for sha, values in content["rejects"].items()},
        tuple(Reject(**values) for values in content["others"]),
    )


def settled(raw: Path, files: dict[str, Seen]) -> dict[str, Seen]:
    """The files, those changed just before they were read looked at once more, when a change has another time."""
    young = {path: seen for path, seen in files.items() if not seen.settled}
    waits = [seen.ctime_ns + _TICK + 1_000_000 - time.time_ns() for seen in young.values()]
    time.sleep(max((w for w in waits if 0 < w <= _LONGEST_WAIT), default=0) / 1e9)
    return files | {path: _looked_at_again(raw / path, seen) for path, seen in young.items()}


def _looked_at_again(place: Path, seen: Seen) -> Seen:
    try:
        with opened(place) as file:
            now, status = time.time_ns(), place.stat()
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, DocumentError):
        return seen
    listed = SourceFile("", status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    again = Seen.of(listed, sha256, now)
    same = (again.sha256, again.size, again.mtime_ns, again.ctime_ns) == (
        *(seen.sha256, seen.size, seen.mtime_ns, seen.ctime_ns),
    )
    return again if same else seen
