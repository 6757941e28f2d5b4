"""Functions of the program that the engine calls: transforms and hooks."""
