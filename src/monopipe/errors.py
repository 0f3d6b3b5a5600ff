"""The errors that monopipe raises for what a user can cause.

MonopipeError
├── DocumentError   one document cannot be read: it becomes a row of `rejects`
├── BuildError      nothing was published; the current build stands untouched
└── UsageError      the call itself is wrong
"""

from __future__ import annotations


class MonopipeError(Exception):
    """Base of every error whose message is meant for the user, without a traceback."""


class DocumentError(MonopipeError):
    """A document that cannot be read: `kind` is the `error_kind` of `rejects`, `line` is 1-based."""

    def __init__(self, kind: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.line = line


class BuildError(MonopipeError):
    """The build failed as a whole; nothing was published."""


class UsageError(MonopipeError):
    """The call asks for something that does not exist."""
