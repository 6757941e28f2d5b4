"""A thin, fast Kubernetes client: kubeconfig, requests, watches, logs, exec, port-forward."""
