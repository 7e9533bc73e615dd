"""System checks: what would go wrong silently is said loudly when the process starts."""
