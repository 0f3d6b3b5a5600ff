"""Drug monographs in Markdown to tables that people trust with dosing questions.

    from monopipe import TABLES, build, extract, read

The names load when they are first used, so that `import monopipe` costs nothing.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monopipe.build import build
    from monopipe.document import read
    from monopipe.extract import extract
    from monopipe.tables import TABLES

    __version__: str

# Chosen when pyarrow is first imported. Arrow's own pool keeps 50 MiB that the rest of a build needs, and the merge takes
# a quarter more processor time with it.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

__all__ = ["TABLES", "__version__", "build", "extract", "read"]

_HOMES = {"TABLES": "tables", "build": "build", "extract": "extract", "read": "document"}


def __getattr__(name: str) -> Any:
    """The public name, from the module that it lives in."""
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("monopipe")
    elif name in _HOMES:
        value = getattr(import_module(f"monopipe.{_HOMES[name]}"), name)
    else:
        raise AttributeError(f"module 'monopipe' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return sorted(__all__)


class _Package(ModuleType):
    """Keeps `monopipe.build` and `monopipe.extract` the functions when the modules of those names are imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _HOMES and isinstance(value, ModuleType):
            value = getattr(value, name, value)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
