"""What the engine remembers: resources, deployments, their JSON form and its integrity."""
