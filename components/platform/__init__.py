"""What a platform consists of on top of a cluster: storage, registry, gateway, settings."""
