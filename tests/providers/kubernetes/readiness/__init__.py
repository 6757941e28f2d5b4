"""Rules of readiness."""
