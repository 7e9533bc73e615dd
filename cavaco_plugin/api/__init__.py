"""Our part of the GraphQL schema: plain graphene 2 types that both homes serve."""
