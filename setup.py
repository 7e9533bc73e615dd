"""The list of packages, which setup.cfg cannot express: those found, and the folders it maps into them."""

from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

described = ConfigParser(interpolation=None)
described.read(Path(__file__).with_name("setup.cfg"))
mapped = [
    line.partition("=")[0].strip()
    for line in described["options"]["package_dir"].split("\n")
    if line
]

setup(packages=[*find_packages(include=["cavaco_plugin", "cavaco_plugin.*"]), *mapped])
