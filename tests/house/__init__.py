"""The rules of the house: sizes, import directions, names, docs in step."""
