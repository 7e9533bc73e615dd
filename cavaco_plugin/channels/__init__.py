"""The ways to reach a person: one folder per channel, in it one folder per provider."""
