"""What `pip install` brings is whole: from the built wheel as from `pip install -e .`."""

import configparser
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
CONFIG = configparser.ConfigParser(interpolation=None)
CONFIG.read(ROOT / "setup.cfg")
FIND_MIGRATIONS = """
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "cavaco_plugin"], USE_TZ=True
)
import django
django.setup()
from django.db.migrations.loader import MigrationLoader
print(*sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "cavaco"))
"""


def _migrations_on_disk() -> list[str]:
    return sorted(path.stem for path in (ROOT / "migrations").glob("[0-9]*.py"))


@pytest.fixture(scope="module")
def unpacked_wheel(copied_tree, tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(place), str(copied_tree)], check=True)
    # Other tests look at the same copy: what the build left in it is not of the tree.
    shutil.rmtree(copied_tree / "build", ignore_errors=True)
    (wheel,) = place.glob("cavaco_plugin-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "unpacked")
    return place / "unpacked"


def _found_from(directory: Path, **environment: str) -> list[str]:
    command = [sys.executable, "-c", FIND_MIGRATIONS]
    found = subprocess.run(
        command, cwd=directory, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return found.stdout.split()


def test_django_finds_the_migrations_of_an_editable_install(tmp_path):
    assert _found_from(tmp_path) == _migrations_on_disk() != []


def test_django_finds_the_migrations_of_the_wheel(unpacked_wheel, tmp_path):
    assert _found_from(tmp_path, PYTHONPATH=str(unpacked_wheel)) == _migrations_on_disk()


def _mapped() -> dict[str, str]:
    """The package that setup.cfg makes of a folder elsewhere, by folder."""
    lines = CONFIG["options"]["package_dir"].strip().splitlines()
    pairs = (line.split(" = ") for line in lines)
    return {"cavaco_plugin": "cavaco_plugin"} | {
        folder: name.replace(".", "/") for name, folder in pairs
    }


def test_the_wheel_holds_every_module_and_every_data_file_of_the_package(unpacked_wheel):
    wanted = {
        f"{package}/{path.relative_to(ROOT / folder)}"
        for folder, package in _mapped().items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = {str(path.relative_to(unpacked_wheel)) for path in unpacked_wheel.rglob("*")}
    assert sorted(wanted - held) == []


def test_the_wheel_brings_one_package_and_nothing_beside_it(unpacked_wheel):
    names = {path.name for path in unpacked_wheel.iterdir()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"cavaco_plugin"}


def test_saleor_finds_the_plugin_by_the_name_of_its_package():
    found = [
        point
        for point in entry_points(group="saleor.plugins")
        if point.dist.name == "cavaco-plugin"
    ]
    assert [(point.name, point.value) for point in found] == [
        ("cavaco_plugin", "cavaco_plugin.hosts.plugin.plugin:CavacoPlugin")
    ]


def _pins() -> dict[str, str]:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = (re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)", line) for line in lines)
    return {canonicalize_name(pin[1]): pin[2] for pin in pins if pin}


def test_the_pins_have_hashes_and_name_no_index():
    text = (ROOT / "requirements.txt").read_text()
    entries = re.split(r"\n(?=[a-z])", text.strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?://|--index|--find-links|file:", text) == []


def test_every_requirement_is_pinned_within_its_range():
    wanted = [CONFIG["options"]["install_requires"], *CONFIG["options.extras_require"].values()]
    pins = _pins()
    lines = [line for line in "\n".join(wanted).split("\n") if line and not line.startswith("#")]
    for line in lines:
        requirement = Requirement(line)
        if requirement.name != "cavaco-plugin":
            pinned = pins.get(canonicalize_name(requirement.name))
            assert pinned, (
                f"{requirement.name} is not in requirements.txt. Run: python3 dev.py lock"
            )
            assert requirement.specifier.contains(pinned), line
