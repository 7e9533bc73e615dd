"""Our own /graphql/: the same schema as in Saleor, behind the shop's tokens."""

import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from cavaco_plugin.api.execution import run

LARGEST_BODY_BYTES = 500_000


@csrf_exempt
def endpoint(request: HttpRequest) -> HttpResponse:
    """Answer one operation, as Saleor's endpoint does: POST, JSON, data and errors."""
    if request.method != "POST":
        return _problem(405, "Send a POST request with a JSON body: {query, variables}.")
    try:
        body = request.body
    except RequestDataTooBig:
        body = b" " * (LARGEST_BODY_BYTES + 1)
    if len(body) > LARGEST_BODY_BYTES:
        return _problem(413, "The body is larger than 500 kB.")
    try:
        asked = json.loads(body)
        query, variables = asked["query"], asked.get("variables") or {}
        operation = asked.get("operationName")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _problem(400, "The body must be a JSON object with a `query`.")
    if not (
        isinstance(query, str) and isinstance(variables, dict) and isinstance(operation, str | None)
    ):
        return _problem(400, "`query` must be text, `variables` an object, `operationName` text.")
    answer = run(query=query, variables=variables, operation_name=operation, context=request)
    return JsonResponse(answer.body, status=answer.status)


def _problem(status: int, message: str) -> HttpResponse:
    return JsonResponse({"errors": [{"message": message}]}, status=status)
