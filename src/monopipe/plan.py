"""What a run has to read: documents whose bytes the build before has not seen, or all when it cannot be relied on."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from pathlib import Path

from monopipe.discovery import Discovery, SourceFile, read_bytes
from monopipe.errors import BuildError, DocumentError
from monopipe.manifest import damaged, fingerprint, read_manifest
from monopipe.sources import SOURCES, Seen, Sources, read_sources
from monopipe.store import DATABASE, Run, current_build

log = logging.getLogger("monopipe")


@dataclass(frozen=True)
class Plan:
    """The listing, the build before, and which documents need not be read because that build has seen their bytes."""

    found: Discovery
    fingerprint: str
    """Of the code that runs, taken before anything is read: two builds with the same one would read alike."""
    before: Path | None
    """The whole, undamaged build that this one is compared with."""
    memory: Sources
    """What may be reused: of a build before by the same code; empty otherwise."""
    known: dict[int, Seen]
    """The documents that need not be read, by their index in the listing."""
    to_read: tuple[tuple[int, SourceFile], ...]

    @property
    def unchanged(self) -> bool:
        """Whether every table comes out as in the build before, because the same files hold the same bytes."""
        files = {self.found.files[index].path: seen.sha256 for index, seen in self.known.items()}
        return (
            not self.to_read
            and bool(files)
            and files == {path: seen.sha256 for path, seen in self.memory.files.items()}
            and self.found.rejects == self.memory.others
        )


def make_plan(run: Run, found: Discovery, *, full: bool = False) -> Plan:
    """Compare the listing with the build before. A file is opened only when its size and times do not tell."""
    code = fingerprint()
    before, memory = _before(run.out, code)
    if full:
        memory = Sources({}, {}, {})
    known: dict[int, Seen] = {}
    to_read = []
    sizes = {seen.size for seen in memory.files.values()}
    for index, file in enumerate(found.files):
        seen = memory.files.get(file.path)
        if seen is None or not seen.is_still(file):
            seen = _hashed(run.raw, file) if file.size in sizes else None
        if seen is not None and (seen.sha256 in memory.documents or seen.sha256 in memory.rejects):
            known[index] = seen
        else:
            to_read.append((index, file))
    return Plan(found, code, before, memory, known, tuple(to_read))


def _before(out: Path, code: str) -> tuple[Path | None, Sources]:
    """The current build where it is what it was when published, and what of it may be reused."""
    nothing = Sources({}, {}, {})
    before = current_build(out)
    if before is None:
        return None, nothing
    try:
        manifest = read_manifest(before)
        faults = damaged(before, manifest, only=[name for name in manifest["files"] if name != DATABASE])
        if not faults:
            same_code = manifest.get("code_fingerprint") == code and SOURCES in manifest["files"]
            return before, read_sources(before) if same_code else nothing
    except BuildError as error:
        faults = [str(error)]
    log.warning("the build %s is damaged and nothing of it is reused: %s", before.name, "; ".join(faults))
    return None, nothing


def _hashed(raw: Path, file: SourceFile) -> Seen | None:
    now = time.time_ns()
    try:
        return Seen.of(file, hashlib.sha256(read_bytes(raw, file.path)).hexdigest(), now)
    except DocumentError:
        return None  # whoever reads it next says why
