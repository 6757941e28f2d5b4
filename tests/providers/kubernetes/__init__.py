"""The Kubernetes provider, by tables and against a real API server."""
