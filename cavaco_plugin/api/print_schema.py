"""Print the schema of the app home: `python -m cavaco_plugin.api.print_schema`."""

import django
from graphql.utils.schema_printer import print_schema


def printed() -> str:
    """The SDL that `graphql/schema.graphql` holds."""
    from cavaco_plugin.api.schema import build_schema  # after django.setup()

    return print_schema(build_schema())


if __name__ == "__main__":
    django.setup()
    print(printed(), end="")
