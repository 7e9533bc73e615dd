"""Running one operation on our own schema: parsed, validated, weighed, executed. The app home's engine."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import graphene
from graphql.error import format_error
from graphql.language.ast import Document

from cavaco_plugin.api.access import PermissionDenied
from cavaco_plugin.api.errors import Refused
from cavaco_plugin.api.limits import over_the_limit, too_many_fields
from cavaco_plugin.api.schema import build_schema
from graphql import GraphQLError, Source, execute, parse, validate

logger = logging.getLogger(__name__)

# Ours, and therefore fit to be shown; of anything else only the class is told.
SHOWN = (GraphQLError, PermissionDenied, Refused)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the endpoint sends: an HTTP status and the body."""

    status: int
    body: dict[str, Any]


@lru_cache(maxsize=1)
def schema() -> graphene.Schema:
    """Built once a process."""
    return build_schema()


def run(
    *, query: str, variables: dict[str, Any], operation_name: str | None, context: Any
) -> Answer:
    """Execute an operation. What is wrong with the question is answered with 400, before any work."""
    try:
        document = parse(Source(query, "GraphQL request"))
        problems = too_many_fields(document) or validate(schema(), document)
        problems = problems or over_the_limit(schema(), document, variables)
    except GraphQLError as error:
        problems = [error]
    except RecursionError:
        problems = [GraphQLError("The query is nested too deeply.")]
    if problems:
        return Answer(400, {"errors": [_formatted(error) for error in problems]})
    return _executed(document, variables, operation_name, context)


def _executed(
    document: Document, variables: dict[str, Any], operation_name: str | None, context: Any
) -> Answer:
    try:
        result = execute(
            schema(),
            document,
            context_value=context,
            variable_values=variables,
            operation_name=operation_name,
        )
    except GraphQLError as error:  # a variable that does not fit, an operation that is not there
        return Answer(400, {"errors": [_formatted(error)]})
    except ValueError as error:  # graphql-core 2 lets out what int() says of a text
        wrong = GraphQLError(f"A variable does not fit its type: {error}.")
        return Answer(400, {"errors": [_formatted(wrong)]})
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [_formatted(error) for error in result.errors]
    return Answer(400 if result.invalid else 200, body)


def _formatted(error: Exception) -> dict[str, Any]:
    """With the class of the original error as its code, as in Saleor; nothing internal leaks."""
    original = getattr(error, "original_error", None) or error
    formatted = dict(format_error(error)) if isinstance(error, GraphQLError) else {}
    if isinstance(original, SHOWN):
        formatted["message"] = str(original)
    else:
        logger.error("A GraphQL field failed.", exc_info=original)
        formatted["message"] = "Internal Server Error"
    code = original.code if isinstance(original, Refused) else type(original).__name__
    formatted["extensions"] = {"exception": {"code": _stable(code)}}
    return formatted


def _stable(code: str) -> str:
    """Subclasses that the GraphQL library makes while executing are its own affair."""
    return "GraphQLError" if code in ("GraphQLLocatedError", "GraphQLSyntaxError") else code
