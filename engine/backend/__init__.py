"""Where stacks live: a folder in the layout of Pulumi's DIY backend, or a Kubernetes namespace."""
