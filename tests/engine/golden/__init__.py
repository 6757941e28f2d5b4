"""Golden sequences: what a provider is told, and what is kept, for each behaviour of the engine."""
