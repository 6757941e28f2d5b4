#!/bin/bash
# throwaway_machine.sh FOLDER COMMAND...: run a command on a "machine" of its own over this one's files: own mounts,
# network, processes and control groups. What it writes lands in FOLDER. Needs root and control groups version 1.
set -eu
folder=$1; shift
export folder
mkdir -p "$folder"/{upper,work,root,data}
groups=$(awk '$3 == "cgroup" {print $2}' /proc/mounts)
export groups
for group in $groups; do
  own=$group/mf-test-machine
  mkdir -p "$own"
  for key in cpuset.cpus cpuset.mems; do [ ! -e "$group/$key" ] || cat "$group/$key" >"$own/$key"; done
  echo $$ >"$own/cgroup.procs"
done
export controllers=$(awk '$3 == "cgroup" {n = split($2, p, "/"); print p[n]}' /proc/mounts)
exec unshare --mount --net --pid --cgroup --uts --ipc --fork --kill-child bash -euc '
  mount --make-rprivate /
  root=$folder/root
  mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" "$root"
  mount -t proc proc "$root/proc"
  mount -t sysfs sysfs "$root/sys"
  mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
  for name in $controllers; do
    mkdir "$root/sys/fs/cgroup/$name"
    kind=$name; [ "$name" != systemd ] || kind=none,name=systemd
    mount -t cgroup -o "$kind" cgroup "$root/sys/fs/cgroup/$name"
  done
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/run"
  # containerd stacks overlays, which an overlay can not hold itself.
  tar -C /var/lib --exclude=./microfoundry --exclude=./kubelet --exclude=./cni -cf - . | tar -C "$folder/data" -xf -
  mount --bind "$folder/data" "$root/var/lib"
  for place in ${visible:-}; do mount --rbind "$place" "$root$place"; done
  rm -rf "$root"/etc/kubernetes "$root"/var/log/pods "$root"/var/log/containers "$root"/usr/libexec/kubernetes
  ip link set lo up
  cd "$root"
  mkdir -p before
  pivot_root . before
  umount -l /before
  rmdir /before
  cd "$start"
  exec "$@"' machine "$@"
