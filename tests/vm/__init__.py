"""The product on a real cgroup v2 machine with systemd, Docker, Podman and containerd: a virtual machine's.

The machine is not part of this repository: ``$CADVCLI_VM`` names a folder with a program ``run`` that boots one,
runs a script in it as root and copies /guest/out back; else it is ``../shared/vm`` beside the clone.
"""
