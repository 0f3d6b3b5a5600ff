"""The command line. Results go to standard output, messages to standard error.

Exit codes: 0 done; 1 something failed, and nothing was published; 2 wrong usage; 3 published, but `--strict` and there
were rejects or error findings.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from monopipe.errors import MonopipeError, UsageError

OK, FAILED, USAGE, STRICT = 0, 1, 2, 3

_folder = click.Path(path_type=Path)
_out = click.argument("out", type=_folder)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="monopipe")
def commands() -> None:
    """Drug monographs in Markdown to tables that people trust with dosing questions.

    It reports what documents say; it is no medical advice.
    """


@commands.command()
@click.argument("raw", type=_folder)
@_out
@click.option("--workers", type=click.IntRange(min=1), help="Processes; by default the cores this process may use.")
@click.option("--full", is_flag=True, help="Read every document again.")
@click.option("--strict", is_flag=True, help="Exit with 3 when there are rejects or error findings.")
@click.option("--max-rejects", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="Share of documents.")
@click.option(
    "--max-shrink", type=click.FloatRange(0, 1), default=0.3, show_default=True, help="Share of rows a table may lose."
)
@click.option("--keep", type=click.IntRange(min=1), default=5, show_default=True, help="Builds that stay.")
@click.option("--quiet", is_flag=True, help="Only errors.")
@click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object.")
def build(raw: Path, out: Path, strict: bool, quiet: bool, as_json: bool, **options: Any) -> int:
    """Read the monographs below RAW and publish their tables in OUT."""
    from monopipe import progress, report
    from monopipe.build import build as run

    logging.basicConfig(format="monopipe: %(message)s", level=logging.ERROR if quiet else logging.WARNING)
    with progress.shown(quiet=quiet) as listen:
        made = run(raw, out, progress=listen, **options)
    summary = report.summarize(made)
    with suppress(BrokenPipeError):  # published is published, read or not
        if as_json:
            click.echo(json.dumps(summary.record(), ensure_ascii=False))
        elif not quiet:
            click.echo(summary.text(), nl=False)
    return STRICT if strict and summary.has_problems else OK


@commands.command()
@_out
@click.argument("drug")
def show(out: Path, drug: str) -> None:
    """Show DRUG (an id, name, brand or synonym) as a readable card."""
    from monopipe import card, query

    with query.opened(out) as con:
        click.echo(card.card(con, drug, card.width_of(sys.stdout)), nl=False)


@commands.command()
@_out
@click.argument("statement", metavar='"SELECT …"')
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "parquet"]), default="table")
def sql(out: Path, statement: str, form: str) -> None:
    """Run read-only SQL over the current build."""
    from monopipe import query

    if form == "parquet" and sys.stdout.isatty():
        raise UsageError("Parquet is for a file: add > result.parquet")
    with query.sandboxed(out) as con:
        n = query.write(query.select(con, statement), form, sys.stdout, sys.stdout.buffer)
        if form == "table":
            click.echo(f"{n:,} row{'' if n == 1 else 's'}", err=True)


@commands.command()
@_out
@click.option("--raw", type=_folder, help="The monographs; by default the folder that the build was made from.")
def verify(out: Path, raw: Path | None) -> int:
    """Check every file, key, reference and quote of the current build."""
    from monopipe import verify as module

    faults = module.verify(out, raw)
    click.echo("\n".join(module.lines(faults)))
    return FAILED if any(faults.values()) else OK


@commands.command()
@_out
@click.argument("builds", nargs=-1, metavar="[BUILD [BUILD]]")
def diff(out: Path, builds: tuple[str, ...]) -> None:
    """Show the facts added, removed and changed since the build before, or between two builds."""
    from monopipe import diff as module

    if len(builds) > 2:
        raise UsageError("at most two builds can be compared")
    for line in module.diff(out, builds):
        click.echo(line)


@commands.command()
@_out
@click.argument("row_id")
def explain(out: Path, row_id: str) -> None:
    """Show the fact ROW_ID beside the lines that say it."""
    from monopipe import evidence, query

    with query.opened(out) as con:
        click.echo(evidence.explain(con, row_id), nl=False)


@commands.command()
@_out
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Port to serve on.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to serve on; by default only this machine."
)
@click.option("--browser/--no-browser", default=True, help="Open a browser.")
def dashboard(out: Path, host: str, port: int, browser: bool) -> None:
    """Show the current build in a browser; needs the extra: pip install "monopipe[dashboard]"."""
    from monopipe.dashboard import command

    words = command(out, host=host, port=port, browser=browser)
    os.execv(words[0], words)


@commands.command()
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--lines", is_flag=True, help="Read one text a line from standard input, write one JSON object a line.")
def dose(text: str | None, as_json: bool, lines: bool) -> None:
    """Read one dosing TEXT."""
    if lines == (text is not None):
        raise UsageError("give either a TEXT or --lines, which reads from standard input")
    from monopipe import dosing

    if text is not None:
        click.echo(dosing.as_json(text) + "\n" if as_json else dosing.card(text), nl=False)
        return
    for answer in dosing.as_json_lines(sys.stdin.buffer):
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


@commands.command()
@click.argument("table", required=False)
@click.option("--markdown", is_flag=True, help="All tables, as docs/tables.md holds them.")
@click.option("--diagram", is_flag=True, help="Their keys and references as SVG, as docs/tables.svg holds them.")
def tables(table: str | None, markdown: bool, diagram: bool) -> None:
    """Print the data dictionary: all tables in short, or all columns of TABLE."""
    from monopipe import dictionary

    if diagram:
        from monopipe.diagram import svg

        click.echo(svg(), nl=False)
    elif markdown:
        click.echo(dictionary.markdown(), nl=False)
    else:
        click.echo(dictionary.one(table) if table else dictionary.overview(), nl=False)


def run(arguments: list[str] | None = None) -> int:
    """The exit code of a call; whatever a user can cause is one clear message."""
    try:
        words = sys.argv[1:] if arguments is None else arguments
        with commands.make_context("monopipe", list(words)) as context:  # click's `main` has exit codes of its own
            code = commands.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _failed("interrupted")
    except UsageError as error:
        return _failed(error, USAGE)
    except UnicodeEncodeError as error:
        return _failed(f"not readable as UTF-8: {error.object!a}", USAGE)
    except BrokenPipeError:  # the reader has seen enough
        _silence_output()
        return OK
    except MonopipeError as error:
        return _failed(error)
    except OSError as error:
        return _failed(f"{error.filename}: {error.strerror}" if error.filename else error)
    except Exception as error:
        if not is_about_data(error):
            raise
        return _failed(error)
    return int(code or OK)


def main() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    code = run()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_output()
    sys.exit(code)


def _failed(message: object, code: int = FAILED) -> int:
    with suppress(OSError):
        click.echo(f"monopipe: {str(message).strip()}", err=True)
    return code


def is_about_data(error: Exception) -> bool:
    """Whether DuckDB or Arrow complains: about SQL, a damaged file, a full disk. Neither is imported for it."""
    kinds = [("duckdb", "Error"), ("pyarrow", "ArrowException")]
    return any(m in sys.modules and isinstance(error, getattr(sys.modules[m], kind)) for m, kind in kinds)


def _silence_output() -> None:
    """Nothing more can be written: keep Python from saying so when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
