"""Run the user's program, wherever it lives."""
