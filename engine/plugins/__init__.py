"""Provider plugins that are programs of their own: found, started, spoken to over gRPC, and ended."""
