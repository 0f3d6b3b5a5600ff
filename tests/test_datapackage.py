"""The data package of a build, judged by the library of its standard; `make connections` installs it and runs this."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from samples import built

frictionless = pytest.importorskip("frictionless")
pytestmark = pytest.mark.filterwarnings("default")  # of the library's own making

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return built(ROOT / "data" / "raw", tmp_path_factory.mktemp("package") / "out").build_path


def with_rows(folder, descriptor, change=None):
    """The package with its rows in place of its files: the library misreads nulls of whole numbers in Parquet."""
    resources = []
    for resource in descriptor["resources"]:
        rows = pq.read_table(folder / resource["path"]).to_pylist()
        if change:
            change(resource["name"], rows)
        if rows:  # it cannot tell the columns of no rows
            resources.append({"name": resource["name"], "data": rows, "schema": resource["schema"]})
    return frictionless.Package.from_descriptor({"name": descriptor["name"], "resources": resources})


def test_the_descriptor_and_every_row_are_valid(folder):
    descriptor = json.loads((folder / "datapackage.json").read_text())
    assert frictionless.Package.validate_descriptor(descriptor).valid
    report = with_rows(folder, descriptor).validate()
    assert report.valid, report.flatten(["title", "message"])[:10]
    assert len(report.tasks) > 25


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("drug_id", "nobody", "foreign-key"),
        ("route", "by owl", "constraint-error"),
        ("dose_low", "much", "type-error"),
        ("row_id", "same", "primary-key"),
    ],
)
def test_a_broken_promise_is_found(folder, column, value, says):
    def change(name, rows):
        for row in rows[:2] if name == "regimens" else []:
            row[column] = value

    descriptor = json.loads((folder / "datapackage.json").read_text())
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] in ("documents", "drugs", "regimens")]
    report = with_rows(folder, descriptor, change).validate()
    assert says in {kind for (kind,) in report.flatten(["type"])}


def test_sizes_and_hashes_are_those_of_the_files(folder):
    for resource in json.loads((folder / "datapackage.json").read_text())["resources"]:
        data = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
