#!/usr/bin/env bash
# An engine that speaks Docker's API, and an image with node and a shell, for the tests of the docker
# sandbox: podman by runc, and a tar of what this machine has, since there is no registry to ask.
# Prints DOCKER_HOST=… and BLUEPRINT_TEST_IMAGE=…; fails where no engine can be had. All of its own is
# below FOLDER, the engine's state included.
#   scripts/ci/docker-engine.sh FOLDER [stop]
set -euo pipefail
folder=$1
image=localhost/blueprint-test:1
socket=$folder/engine.sock
export CONTAINERS_CONF=$folder/containers.conf CONTAINERS_STORAGE_CONF=$folder/storage.conf

if [ "${2-}" = stop ]; then
  [ ! -f "$folder/pid" ] || kill "$(cat "$folder/pid")" 2>/dev/null || true
  [ ! -d "$folder/storage" ] || podman rm --all --force >/dev/null 2>&1 || true
  rm -rf "$folder"
  exit 0
fi

[ "$(id -u)" = 0 ] || { echo "needs root" >&2; exit 1; }
command -v docker >/dev/null || packages+=(docker.io)
command -v podman >/dev/null || packages+=(podman)
command -v runc >/dev/null || packages+=(runc)
[ -x /bin/busybox ] || packages+=(busybox-static)
if [ -n "${packages+set}" ]; then
  apt-get update -qq >&2
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
fi

mkdir -p "$folder"
# crun, podman's own choice, refuses mixed control groups; the limits are those that a container may set.
cat >"$folder/containers.conf" <<CONF
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
CONF
# Of vfs, which works everywhere, each container begins with a copy of the whole image.
driver=vfs
layers=$folder/layers
mkdir -p "$layers"/{lower,upper,work,merged}
options=lowerdir=$layers/lower,upperdir=$layers/upper,workdir=$layers/work
if mount -t overlay overlay -o "$options" "$layers/merged" 2>/dev/null; then
  umount "$layers/merged"
  driver=overlay
fi
rm -rf "$layers"
cat >"$folder/storage.conf" <<CONF
[storage]
driver = "$driver"
graphroot = "$folder/storage"
runroot = "$folder/run"
[storage.options.overlay]
skip_mount_home = "true"
CONF

if ! podman image exists "$image"; then
  root=$folder/root
  mkdir -p "$root"/{bin,usr/bin,etc,tmp,proc,sys,dev,work}
  cp /bin/busybox "$root/bin/busybox"
  for name in $(/bin/busybox --list | grep -vx busybox); do ln -s busybox "$root/bin/$name"; done
  node=$(node -p 'process.execPath')
  cp "$node" "$root/usr/bin/node"
  ldd "$node" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
  printf 'root:x:0:0:root:/:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\n' >"$root/etc/group"
  chmod 1777 "$root/tmp"
  tar -C "$root" -c . | podman import --change 'ENV PATH=/usr/bin:/bin' - "$image" >&2
  rm -rf "$root"
fi

# It leaves files where it was started.
(cd "$folder" && exec podman system service --time=0 "unix://$socket") >"$folder/log" 2>&1 &
echo $! >"$folder/pid"
for _ in $(seq 100); do
  if DOCKER_HOST=unix://$socket timeout -s KILL 5 docker version >/dev/null 2>&1; then
    # The tests of an ordinary user speak to it as well, and reach nothing else of the folder.
    chmod 711 "$folder"
    find "$folder" -mindepth 1 -maxdepth 1 -type d -exec chmod 700 {} +
    chmod 666 "$socket"
    # A first container tells whether they can be run at all.
    DOCKER_HOST=unix://$socket timeout -s KILL 30 docker run --rm --network none "$image" /bin/true >&2
    echo "DOCKER_HOST=unix://$socket"
    echo "BLUEPRINT_TEST_IMAGE=$image"
    exit 0
  fi
  sleep 0.1
done
cat "$folder/log" >&2
exit 1
