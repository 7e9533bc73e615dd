"""How much one query may ask for, weighed before it is run: depth and cost.

The cost of a field is its complexity in `costs`, times the page sizes it is asked in. Introspection
is free: it can not be multiplied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql.language import ast
from graphql.type import GraphQLSchema
from graphql.type.definition import GraphQLNamedType, get_named_type

from cavaco_plugin.api.costs import QUERY_COSTS, TYPE_COSTS
from graphql import GraphQLError

DEEPEST = 12
DEAREST = 20_000
# Validation compares fields of one name each with each: this is counted before it.
MOST_FIELDS = 1000
MUTATION_COST = 10
# A page whose size the query does not say is refused when it runs; until then it weighs the most.
LARGEST_PAGE = 100


class _TooMuch(Exception):
    """The query is over a limit; there is no need to weigh the rest."""


@dataclass(slots=True)
class _Scales:
    schema: GraphQLSchema
    fragments: Mapping[str, ast.FragmentDefinition]
    variables: Mapping[str, Any]
    cost: int = 0

    def weigh(
        self, selections: ast.SelectionSet | None, owner: Any, times: int, depth: int
    ) -> None:
        for selection in selections.selections if selections else ():
            if isinstance(selection, ast.Field):
                self._weigh_field(selection, owner, times, depth)
            elif isinstance(selection, ast.FragmentSpread):
                fragment = self.fragments[selection.name.value]
                on = self.schema.get_type(fragment.type_condition.name.value)
                self.weigh(fragment.selection_set, on, times, depth)
            else:
                named = selection.type_condition
                on = self.schema.get_type(named.name.value) if named else owner
                self.weigh(selection.selection_set, on, times, depth)

    def _weigh_field(self, field: ast.Field, owner: Any, times: int, depth: int) -> None:
        name = field.name.value
        if name.startswith("__"):
            return
        if depth > DEEPEST:
            raise _TooMuch(f"The query is nested deeper than {DEEPEST} fields.")
        rule = _rule(self.schema, owner, name)
        for argument in rule.get("multipliers", ()):
            times *= self._size(field, argument)
        self.cost += rule.get("complexity", 0) * times
        if self.cost > DEAREST:
            raise _TooMuch(f"The query costs more than {DEAREST}. Ask for smaller pages.")
        kind = get_named_type(owner.fields[name].type)
        if field.selection_set:
            self.weigh(field.selection_set, kind, times, depth + 1)

    def _size(self, field: ast.Field, argument: str) -> int:
        """The page size asked for: 1 where this argument is not given."""
        for given in field.arguments:
            if given.name.value != argument:
                continue
            if isinstance(given.value, ast.Variable):
                value = self.variables.get(given.value.name.value, LARGEST_PAGE)
            else:
                value = getattr(given.value, "value", LARGEST_PAGE)
            try:
                return max(1, int(value))
            except (TypeError, ValueError):
                return LARGEST_PAGE
        return 1


def _rule(schema: GraphQLSchema, owner: GraphQLNamedType, name: str) -> dict[str, Any]:
    if owner is schema.get_query_type():
        return QUERY_COSTS.get(name, {})
    if owner is schema.get_mutation_type():
        return {"complexity": MUTATION_COST}
    return TYPE_COSTS.get(owner.name, {}).get(name, {})


def too_many_fields(document: ast.Document) -> list[GraphQLError]:
    """What is too much in any document that can be parsed: nothing, or one error."""
    waiting: list[Any] = [
        getattr(definition, "selection_set", None) for definition in document.definitions
    ]
    fields = 0
    while waiting:
        selections = waiting.pop()
        for selection in selections.selections if selections else ():
            fields += 1
            waiting.append(getattr(selection, "selection_set", None))
        if fields > MOST_FIELDS:
            said = f"The query has more than {MOST_FIELDS} fields. Ask in parts."
            return [GraphQLError(said)]
    return []


def over_the_limit(
    schema: GraphQLSchema, document: ast.Document, variables: Mapping[str, Any]
) -> list[GraphQLError]:
    """What is too much in a document that is valid: nothing, or one error."""
    definitions = document.definitions
    fragments = {d.name.value: d for d in definitions if isinstance(d, ast.FragmentDefinition)}
    roots = {"query": schema.get_query_type(), "mutation": schema.get_mutation_type()}
    scales = _Scales(schema, fragments, variables)
    try:
        for definition in definitions:
            if isinstance(definition, ast.OperationDefinition):
                scales.weigh(definition.selection_set, roots[definition.operation], 1, 1)
    except _TooMuch as limit:
        return [GraphQLError(str(limit))]
    return []
