"""Clusters: one made on a machine by kubeadm, or one that is there already; both give a kubeconfig."""
