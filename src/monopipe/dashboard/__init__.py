"""The dashboard: a Streamlit app over the current build, one module a page.

It is an extra: nothing outside this package imports it but the command that starts it, and this module imports no
Streamlit, so that `monopipe --help` stays fast.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from monopipe.errors import MonopipeError

LOCAL = "127.0.0.1"
_APP = Path(__file__).with_name("app.py")
_SETTINGS = {
    "browser.gatherUsageStats": "false",  # nothing is told to anybody
    "server.showEmailPrompt": "false",
    "server.fileWatcherType": "none",  # builds are noticed by the app itself, at each interaction
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",  # a traceback names files of this machine; the terminal has it
    "theme.base": "light",
    "theme.primaryColor": "#0b6e69",
    "theme.textColor": "#1c2430",
    "theme.linkColor": "#0b6e69",
    "theme.secondaryBackgroundColor": "#f4f7f9",
    "theme.borderColor": "#d5dce4",
    "theme.baseRadius": "6px",
}


def command(out: Path, *, host: str = LOCAL, port: int = 8501, browser: bool = True) -> list[str]:
    """The command that serves the dashboard; MonopipeError when the extra is not installed."""
    if find_spec("streamlit") is None:
        raise MonopipeError('the dashboard is an extra; install it: pip install "monopipe[dashboard]"')
    settings = _SETTINGS | {
        "server.address": host,
        "server.port": str(port),
        "server.headless": "false" if browser else "true",
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    return [sys.executable, "-m", "streamlit", "run", str(_APP), *options, "--", str(out.absolute())]
