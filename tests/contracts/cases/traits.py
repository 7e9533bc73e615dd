"""Traits that can not be kept."""

from tests.contracts.table import Bad

CASES = [
    # what, given, field, code, remedy
    Bad("no name", {"": 1}, "trait ''", "", "use a lower-case letter"),
    Bad("odd name", {"Shoe Size": 9}, "trait 'Shoe Size'", "", "use a lower-case letter"),
    Bad("endless name", {"x" * 65: 1}, "trait 'xxx", "", "use a lower-case letter"),
    Bad("value an object", {"size": {"eu": 42}}, "trait size", "", "give a text, a number"),
    Bad("list of numbers", {"sizes": [41, 42]}, "trait sizes", "", "a list of texts"),
    Bad("text with a NUL", {"size": "4\x002"}, "trait size", "", "Take it out"),
    Bad("not a number", {"size": float("nan")}, "trait size", "", "Give a finite number"),
    Bad("the second is wrong", {"good": 1, "size": {1}}, "trait size", "", "give a text, a number"),
]  # fmt: skip
