"""Small pictures of a dosing schedule: the days with a dose in a cycle, and the steps of an instruction."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence

from markupsafe import Markup

from monopipe.evidence import Record

_TEAL, _LINE, _INK = "#0b6e69", "#9aa7b4", "#1c2430"
_DAYS = {"d": 1, "wk": 7, "mo": 28}
_UNITS = {"d": "d", "wk": "wk", "mo": "mo", "a": "y", "h": "h", "min": "min", "cycle": "cycles"}
_LONGEST = 84
"""A cycle of more days would not be a small picture."""
_BOX, _GAP = 11, 2


def picture(steps: Sequence[Record]) -> Markup:
    """The picture of an instruction, or nothing where words say it as well."""
    if len(steps) == 1:
        return cycle(steps[0])
    return joined_cycles(steps) or staircase(steps)


def joined_cycles(steps: Sequence[Record]) -> Markup:
    """The cycle that all steps share; nothing where they differ, or where there is none."""
    kinds = {(s["cycle_length"], s["cycle_unit"], s["cycle_days"], s["days_on"]) for s in steps}
    return cycle(steps[0]) if len(kinds) == 1 else Markup("")


def dosing_days(step: Record) -> list[int]:
    """The days of the cycle with a dose, as `cycle_days` or else as `days_on` at its beginning says."""
    if step["cycle_days"]:
        days: set[int] = set()
        for first, last in re.findall(r"(\d+)(?:-(\d+))?", step["cycle_days"]):
            days.update(range(int(first), min(int(last or first), _LONGEST + 1) + 1))
        return sorted(days)
    return list(range(1, min(step["days_on"] or 0, _LONGEST) + 1))


def cycle(step: Record) -> Markup:
    """A strip with a box a day of the cycle: filled and ticked where there is a dose, hollow where there is none."""
    on = dosing_days(step)
    known = step["cycle_length"] is not None and step["cycle_unit"] in _DAYS
    length = round(step["cycle_length"] * _DAYS[step["cycle_unit"]]) if known else max(on, default=0)
    if not on or not max(on) <= length <= _LONGEST or length < 2:
        return Markup("")
    per_row = 28 if length > 28 else length
    pitch = _BOX + _GAP
    boxes = []
    for day in range(1, length + 1):
        x, y = (day - 1) % per_row * pitch + 1, (day - 1) // per_row * pitch + 1
        style = f'fill="{_TEAL}"' if day in on else f'fill="#fff" stroke="{_LINE}"'
        boxes.append(f'<rect x="{x}" y="{y}" width="{_BOX}" height="{_BOX}" rx="2" {style}/>')
    rows = -(-length // per_row)
    scale = rows * pitch + 11
    marks = {1: "start", length if rows == 1 else per_row: "end"}
    texts = [
        f'<text x="{(day - 1) * pitch + (1 if anchor == "start" else _BOX + 1)}" y="{scale}" text-anchor="{anchor}">{day}</text>'
        for day, anchor in marks.items()
    ]
    says = f"{len(on)} of {length} days with a dose" + ("" if known else " named")
    texts.append(f'<text x="{per_row * pitch + 8}" y="{_BOX}">{says}</text>')
    return _svg(per_row * pitch + 190, scale + 4, says, boxes + texts)


def staircase(steps: Sequence[Record]) -> Markup:
    """The steps as bars as high as their dose; nothing where their doses are not of one kind."""
    steps = [s for s in steps if s["step_kind"] not in ("alternative", "single") and _top(s)]
    kinds = {(s["dose_unit"], s["dose_basis"]) for s in steps if s["dose_is"] != "increment"}
    fixed = [s for s in steps if s["dose_is"] != "increment"]
    if (
        len(steps) < 2
        or len(kinds) != 1
        or (len(fixed) > 1 and len({_top(s) for s in fixed}) == 1 == len(fixed) / len(steps))
    ):
        return Markup("")
    highest = max(_top(s) for s in fixed)
    width, high, floor = 92, 46, 62
    pieces = []
    for n, s in enumerate(steps):
        x = n * width + 1
        if s["dose_is"] == "increment":
            down = s["step_kind"] in ("taper", "dose_reduction")
            y = [floor - high + 6 + 9 * k for k in range(4)]
            levels = y if down else y[::-1]
            path = "".join(f"M{x + 4 + 19 * k} {level}h19" for k, level in enumerate(levels))
            pieces.append(f'<path d="{path}" stroke="{_TEAL}" stroke-width="3" fill="none"/>')
            amount = f"{'−' if down else '+'}{_amount(s)}"
        else:
            h = max(3, round(high * _top(s) / highest))
            pieces.append(
                f'<rect x="{x}" y="{floor - h}" width="{width - 8}" height="{h}" rx="2" fill="{_TEAL}" fill-opacity=".8"/>'
            )
            amount = _amount(s)
        pieces.append(f'<text x="{x}" y="{floor + 13}" fill="{_INK}" font-weight="600">{amount}</text>')
        pieces.append(f'<text x="{x}" y="{floor + 25}">{_length(s)}</text>')
    pieces.append(f'<path d="M0 {floor}.5H{len(steps) * width}" stroke="{_LINE}"/>')
    return _svg(len(steps) * width + 2, floor + 30, f"{len(steps)} steps", pieces)


def _top(step: Record) -> float:
    return float(step["dose_high"] or step["dose_low"] or 0)


def _amount(step: Record) -> Markup:
    ends = dict.fromkeys(f"{x:g}" for x in (step["dose_low"], step["dose_high"]) if x is not None)
    unit = (step["dose_unit"] or "").strip("{}[]").replace("ug", "µg").replace("iU", "IU")
    basis = {"per_kg": "/kg", "per_m2": "/m²"}.get(step["dose_basis"] or "", "")
    return Markup("{} {}{}").format("–".join(ends), unit, basis)


def _length(step: Record) -> Markup:
    if step["bounds_unit"]:
        low, high = step["bounds_low"], step["bounds_high"]
        ends = "–".join(dict.fromkeys(f"{x:g}" for x in (low, high) if x is not None))
        return Markup("{}{} {}").format("" if low is not None else "≤ ", ends, _UNITS[step["bounds_unit"]])
    if step["dose_is"] == "increment" and step["period"] is not None:
        ends = "–".join(dict.fromkeys(f"{x:g}" for x in (step["period"], step["period_max"]) if x is not None))
        return Markup("every {} {}").format(ends, _UNITS[step["period_unit"]])
    return Markup("then on") if step["sequence"] > 1 else Markup("")


def _svg(width: int, height: int, says: str, pieces: Sequence[str]) -> Markup:
    """The picture as an image that needs no file; its pieces hold numbers and escaped text only."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="10" fill="#56616f">{"".join(pieces)}</svg>'
    )
    code = b64encode(svg.encode()).decode()
    return Markup('<img class="mp-picture" alt="{}" width="{}" height="{}" src="data:image/svg+xml;base64,{}">').format(
        says, width, height, code
    )
