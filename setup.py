"""The list of packages, which setup.cfg cannot express: what is found, and the folder mapped into it."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["cavaco_plugin", "cavaco_plugin.*"]), "cavaco_plugin.migrations"])
