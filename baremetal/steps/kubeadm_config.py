"""kubeadm's configuration for a single node that nobody outside of this machine can reach."""

from __future__ import annotations

import json

import yaml

from baremetal import paths
from baremetal.facts.reader import Facts
from baremetal.facts.system import Init
from baremetal.model import ClusterConfig

_API = "kubeadm.k8s.io/v1beta4"
_REQUESTS = {
    "kube-apiserver": {"cpu": "100m", "memory": "256Mi"},
    "kube-controller-manager": {"cpu": "50m", "memory": "64Mi"},
    "kube-scheduler": {"cpu": "25m", "memory": "32Mi"},
    "etcd": {"cpu": "50m", "memory": "64Mi"},
}


def documents(config: ClusterConfig, facts: Facts) -> str:
    """All of it as one YAML stream."""
    parts = (_init(config), _cluster(config), _kubelet(config, facts), _proxy(config))
    return yaml.safe_dump_all(parts, sort_keys=False)


def patches() -> dict[str, str]:
    """Files for kubeadm's patch folder: small machines are for apps, so the control plane asks for less of them."""
    files = {
        f"{name}0+strategic.json": json.dumps(
            {"spec": {"containers": [{"name": name, "resources": {"requests": requests}}]}}
        )
        for name, requests in _REQUESTS.items()
    }
    container = {
        "name": "coredns",
        "resources": {"requests": {"cpu": "25m", "memory": "32Mi"}},
        # kubeadm's ten seconds between probes would be most of the time that a new cluster takes.
        "readinessProbe": {"periodSeconds": 1},
    }
    dns = {"spec": {"replicas": 1, "template": {"spec": {"containers": [container]}}}}
    return {**files, "corednsdeployment0+strategic.json": json.dumps(dns)}


def _init(config: ClusterConfig) -> dict[str, object]:
    return {
        "apiVersion": _API,
        "kind": "InitConfiguration",
        "localAPIEndpoint": {"advertiseAddress": config.node_address, "bindPort": 6443},
        "nodeRegistration": {
            "name": config.node_name,
            "criSocket": f"unix://{paths.SOCKET}",
            "imagePullPolicy": "IfNotPresent",
            "taints": [],
            "kubeletExtraArgs": [{"name": "node-ip", "value": config.node_address}],
        },
        "patches": {"directory": f"{paths.ROOT}/etc/patches"},
    }


def _cluster(config: ClusterConfig) -> dict[str, object]:
    return {
        "apiVersion": _API,
        "kind": "ClusterConfiguration",
        "clusterName": "microfoundry",
        "kubernetesVersion": config.kubernetes_version,
        "networking": {"podSubnet": config.pod_cidr, "serviceSubnet": config.service_cidr},
        "apiServer": {"extraArgs": [{"name": "bind-address", "value": config.node_address}]},
        "etcd": {"local": {"dataDir": f"{paths.ROOT}/etcd"}},
    }


def _kubelet(config: ClusterConfig, facts: Facts) -> dict[str, object]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "cgroupDriver": "systemd" if facts.system.init is Init.SYSTEMD else "cgroupfs",
        "failCgroupV1": False,
        "failSwapOn": False,
        "address": config.node_address,
        "maxPods": 250,
        "serializeImagePulls": False,
        "registryPullQPS": 0,
        # The bundle's images can't be pulled again, so none may be removed for want of use.
        "imageGCHighThresholdPercent": 100,
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "2%", "imagefs.available": "2%"},
    }


def _proxy(config: ClusterConfig) -> dict[str, object]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clusterCIDR": config.pod_cidr,
        "healthzBindAddress": "127.0.0.1:10256",
        "nodePortAddresses": ["127.0.0.0/8", f"{config.node_address}/32"],
        "iptables": {"localhostNodePorts": True},
        # The machine's own limits on connections are left alone.
        "conntrack": {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
    }
