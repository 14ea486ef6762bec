#!/bin/bash
# Runs in the guest: makes containers of every engine and units, asks each of the six commands, leaves the answers in $OUT.
set -u -o pipefail
export LC_ALL=C.UTF-8
python3 -m venv --without-pip /opt/venv &&
    pip --python /opt/venv install -q --no-index --find-links wheels cadvcli || exit 1
PATH=$PATH:/opt/venv/bin

until_true() { for _ in $(seq 300); do "$@" >/dev/null 2>&1 && return 0; sleep 0.2; done; echo "never: $*"; return 1; }
# ask NAME COMMAND...: its output, its errors and its status, each in a file
ask() {
    local name=$1
    shift
    echo "$SECONDS s: $name"
    timeout 120 "$@" >"$OUT/$name.out" 2>"$OUT/$name.err" </dev/null
    echo $? >"$OUT/$name.status"
}

# So that a stopped daemon leaves its containers running.
config=/etc/docker/daemon.json
[ -s $config ] || echo '{}' >$config
jq '. + {"live-restore": true}' $config >/tmp/daemon.json && cp /tmp/daemon.json $config && systemctl reload docker

# ended NAME PID SIGNAL: end what runs in the background, its status in a file
ended() {
    kill "-$3" "$2"
    for _ in $(seq 300); do kill -0 "$2" 2>/dev/null || break; sleep 0.2; done
    kill -KILL "$2" 2>/dev/null && echo "$1 did not end"
    wait "$2"
    echo $? >"$OUT/$1.status"
}
# Without job control what runs in the background would ignore SIGINT.
set -m

docker run -d --name web --memory 64m --cpus 0.5 --label tier=front -p 127.0.0.1:18080:80 busybox:latest httpd -f >"$OUT/web.id"
docker run -d --name burner busybox:latest sh -c 'while :; do :; done'
docker run -d --name hostnet --network host busybox:latest sleep 10000
docker run --name done busybox:latest sh -c 'exit 7'
docker run -d --name survivor --memory 24m --memory-swap 24m busybox:latest sh -c 'tail /dev/zero; sleep 10000' >"$OUT/survivor.id"
podman run -d --name blog --memory 48m busybox:latest sleep 10000 >"$OUT/blog.id"
ctr -n k8s.io run -d --runc-systemd-cgroup --cgroup kubepods-burstable-pod1234.slice:cri-containerd:api \
    docker.io/library/busybox:latest api sleep 10000
systemd-run --unit=limited -p MemoryMax=64M -p CPUQuota=25% -p TasksMax=20 sleep 10000
wget -q -O - http://127.0.0.1:18080/ >/dev/null 2>&1

ask machine cadvcli machine -o json
ask containers cadvcli containers -a -o json
ask tree cadvcli containers --tree --raw
ask raw cadvcli containers --raw -o json
ask stats cadvcli stats --window 2s -o json
ask rawstats cadvcli stats --raw --window 2s -o json
ask names cadvcli stats web nothing -o json
ask table cadvcli stats
ask port cadvcli containers port:18080 -q
ask export cadvcli export --once -o jsonl
ask nobody runuser -u nobody -- cadvcli stats --window 2s -o json
ask nobodymachine runuser -u nobody -- cadvcli machine -o json

cadvcli serve --port 9200 2>"$OUT/serve.err" &
serve=$!
until_true curl -sf http://127.0.0.1:9200/healthz
curl -sf http://127.0.0.1:9200/metrics >"$OUT/metrics.txt"
curl -sf http://127.0.0.1:9200/api/v1.3/docker/web >"$OUT/v1.3-docker-web.json"
curl -sf http://127.0.0.1:9200/api/v2.1/machine >"$OUT/v2.1-machine.json"
curl -sf "http://127.0.0.1:9200/api/v2.1/stats/$(cat "$OUT/web.id")?type=docker" >"$OUT/v2.1-stats-web.json"

cadvcli watch --events -o jsonl >"$OUT/watch.out" 2>"$OUT/watch.err" &
watch=$!
# It watches once it tells of a container made since.
echo "$SECONDS s: watch"
n=0
until [ -s "$OUT/watch.out" ] || [ $n = 60 ]; do n=$((n + 1)); docker run --rm --name "early$n" busybox:latest true; done
docker run -d --name late busybox:latest sleep 10000
until_true grep -q '"name":"late"' "$OUT/watch.out"
until_true sh -c 'curl -sf http://127.0.0.1:9200/metrics | grep -q name=\"late\"'; echo $? >"$OUT/late-came.status"
docker rm -f late
until_true grep -q 'containerDeletion.*"name":"late"' "$OUT/watch.out"
until_true sh -c '! curl -sf http://127.0.0.1:9200/metrics | grep -q name=\"late\"'; echo $? >"$OUT/late-went.status"
ended watch $watch INT

systemctl stop docker.socket docker
ask dockerless cadvcli stats --window 2s -o json
curl -sf http://127.0.0.1:9200/metrics >"$OUT/metrics-dockerless.txt"

ended serve $serve TERM
