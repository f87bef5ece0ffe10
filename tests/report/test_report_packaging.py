"""The metadata names every package and every extra that the set-up asks for."""

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def metadata():
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def test_every_package_is_listed():
    marks = [path for room in ("derivations", "nnlib", "report") for path in (ROOT / room).rglob("__init__.py")]
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in marks}
    assert set(metadata()["options"]["packages"].split()) == found


def test_the_set_up_asks_for_extras_that_exist():
    asked = re.search(r"^EXTRAS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1].split(",")
    assert set(asked) <= set(metadata()["options.extras_require"])


def test_the_version_is_one():
    from report import VERSION

    assert metadata()["metadata"]["version"] == VERSION
