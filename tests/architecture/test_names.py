"""Names that say nothing, and folders that would hide something."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff"}


def test_every_module_is_named_for_what_it_holds():
    named = {path for path in (ROOT / "cavaco_plugin").rglob("*") if path.stem in MEANINGLESS}
    assert named == set()


def test_the_folder_of_graphql_text_is_no_package():
    assert not (ROOT / "graphql" / "__init__.py").exists()


def test_every_folder_of_modules_is_a_package():
    folders = {path.parent for path in (ROOT / "cavaco_plugin").rglob("*.py")}
    assert {folder for folder in folders if not (folder / "__init__.py").exists()} == set()
