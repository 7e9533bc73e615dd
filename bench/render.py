"""Rendering one e-mail with five lines: ours, python-liquid as it comes, and jinja2, turn by turn.

    .venv/bin/python bench/render.py [--rounds 30]

All three render the same compiled template with the same values; that ours and python-liquid's give
the same text to the letter is checked first. jinja2 joins in where it is installed (pip install jinja2).
"""

import argparse
import re
import statistics
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cavaco_plugin.content.catalogue import kit, shipped
from cavaco_plugin.content.compile import compile_template
from cavaco_plugin.content.liquid_language import HTML, OURS, TEXT
from cavaco_plugin.content.render import render_email
from cavaco_plugin.content.samples import sample_variables

TEMPLATE = "cart_reminder_1"
PARTS = ("subject", "html", "text")
TIMES = 200


def compiled() -> dict[str, Any]:
    source = next(one for one in shipped() if one.key == TEMPLATE)
    return compile_template(
        source=source.source, channel="email", purpose=source.purpose, kit=kit()
    )


def five_lines() -> dict[str, Any]:
    values: dict[str, Any] = sample_variables("en")
    lines = values["cart"]["lines"]
    values["cart"]["lines"] = [dict(line) for line in (*lines, *lines)][:5]
    return values


def with_liquid(parts: dict[str, str], values: dict[str, Any]) -> Callable[[], list[str]]:
    made = [(HTML if part == "html" else TEXT).from_string(parts[part]) for part in PARTS]
    return lambda: [template.render(**values) for template in made]


def with_jinja(parts: dict[str, str], values: dict[str, Any]) -> Callable[[], list[str]]:
    import jinja2

    def made(part: str) -> Any:
        environment = jinja2.Environment(
            autoescape=part == "html", undefined=jinja2.StrictUndefined, keep_trailing_newline=True
        )
        environment.filters.update(OURS)
        text = parts[part].replace(" != blank", "").replace("elsif", "elif")
        return environment.from_string(re.sub(r"\{% end(if|for) %\}", r"{% end\1 %}", text))

    templates = [made(part) for part in PARTS]
    return lambda: [template.render(**values) for template in templates]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    template, values = compiled(), five_lines()
    parts = template["languages"]["en"]
    ways: dict[str, Callable[[], Any]] = {
        "ours": lambda: render_email(template, "en", values),
        "python-liquid": with_liquid(parts, values),
    }
    if find_spec("jinja2"):
        ways["jinja2"] = with_jinja(parts, values)
    mail, (_, html, text) = ways["ours"](), ways["python-liquid"]()
    assert (mail.html, mail.text) == (html, text)
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(parser.parse_args().rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            for _ in range(TIMES):
                way()
            spent[name].append((time.perf_counter() - started) / TIMES * 1e6)
    ours = statistics.median(spent["ours"])
    for name, times in spent.items():
        median = statistics.median(times)
        print(f"{name:14} {median:7.1f} µs   ours is {ours / median:.2f} of it")


if __name__ == "__main__":
    main()
