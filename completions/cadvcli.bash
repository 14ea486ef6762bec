# bash completion for cadvcli
_cadvcli() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=cadvcli word
    # COMP_WORDBREAKS splits --format=json into three words.
    if [[ $current == "=" ]]; then
        current=""
    elif [[ $before == "=" ]]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
            machine|containers|stats|watch|serve|export) command=$word; break ;;
        esac
    done
    local options=""
    case $command:$before in
        cadvcli:--host-root|cadvcli:--config) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        machine:-o|machine:--format) mapfile -t COMPREPLY < <(compgen -W "table json" -- "$current"); return ;;
        machine:--host-root|machine:--config) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        containers:--timeout|containers:--columns|containers:--docker|containers:--docker-root|containers:--docker-env-metadata-whitelist) return ;;
        containers:-o|containers:--format) mapfile -t COMPREPLY < <(compgen -W "table wide json jsonl csv tsv" -- "$current"); return ;;
        containers:--host-root|containers:--config) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        stats:--columns|stats:--window|stats:--interval|stats:--count|stats:--docker|stats:--docker-root|stats:--docker-env-metadata-whitelist) return ;;
        stats:-o|stats:--format) mapfile -t COMPREPLY < <(compgen -W "table wide json jsonl csv tsv" -- "$current"); return ;;
        stats:--host-root|stats:--config) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        watch:--columns|watch:--interval|watch:--count|watch:--timeout|watch:--docker|watch:--docker-root|watch:--docker-env-metadata-whitelist) return ;;
        watch:-o|watch:--format) mapfile -t COMPREPLY < <(compgen -W "table jsonl" -- "$current"); return ;;
        watch:--host-root|watch:--config) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        serve:--listen-ip|serve:--port|serve:--scrape-timeout|serve:--prometheus-endpoint|serve:--answer-cache|serve:--enable-metrics|serve:--disable-metrics|serve:--housekeeping-interval|serve:--max-housekeeping-interval|serve:--global-housekeeping-interval|serve:--storage-duration|serve:--max-descriptors|serve:--perf-events-config|serve:--resctrl-interval|serve:--referenced-reset-interval|serve:--docker|serve:--docker-root|serve:--docker-env-metadata-whitelist) return ;;
        serve:--host-root|serve:--config) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        export:--window|export:--driver|export:--interval|export:--containers|export:--drain-timeout|export:--machine-name|export:--storage-driver-host|export:--storage-driver-db|export:--storage-driver-user|export:--storage-driver-password|export:--storage-driver-table|export:--storage-driver-influxdb-retention-policy|export:--enable-metrics|export:--disable-metrics|export:--global-housekeeping-interval|export:--max-descriptors|export:--perf-events-config|export:--resctrl-interval|export:--referenced-reset-interval|export:--docker|export:--docker-root|export:--docker-env-metadata-whitelist) return ;;
        export:-o|export:--format) mapfile -t COMPREPLY < <(compgen -W "cadvisor jsonl influx" -- "$current"); return ;;
        export:--host-root|export:--config) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    esac
    case $command in
        cadvcli) options="--host-root --config -v --verbose -V --version --help" ;;
        machine) options="-o --format --host-root --config -v --verbose --help" ;;
        containers) options="-a --all --no-all -q --quiet --no-quiet -s --size --no-size --timeout --tree --no-tree --raw --no-raw --no-trunc --trunc --columns --docker --docker-root --docker-env-metadata-whitelist -o --format --host-root --config -v --verbose --help" ;;
        stats) options="--raw --no-raw --no-trunc --trunc --columns --window --interval --count --docker --docker-root --docker-env-metadata-whitelist -o --format --host-root --config -v --verbose --help" ;;
        watch) options="--raw --no-raw --columns --interval --events --no-events --count --timeout --docker --docker-root --docker-env-metadata-whitelist -o --format --host-root --config -v --verbose --help" ;;
        serve) options="--listen-ip --port --scrape-timeout --prometheus-endpoint --answer-cache --enable-metrics --disable-metrics --housekeeping-interval --max-housekeeping-interval --allow-dynamic-housekeeping --no-allow-dynamic-housekeeping --global-housekeeping-interval --storage-duration --max-descriptors --perf-events-config --resctrl-interval --enable-load-reader --no-enable-load-reader --referenced-reset-interval --docker --docker-root --docker-env-metadata-whitelist --host-root --config -v --verbose --help" ;;
        export) options="--window --driver --once --no-once --interval --containers --dry-run --no-dry-run --drain-timeout --machine-name --list-drivers --no-list-drivers --storage-driver-host --storage-driver-db --storage-driver-user --storage-driver-password --storage-driver-secure --no-storage-driver-secure --storage-driver-table --storage-driver-influxdb-retention-policy --enable-metrics --disable-metrics --global-housekeeping-interval --max-descriptors --perf-events-config --resctrl-interval --enable-load-reader --no-enable-load-reader --referenced-reset-interval --docker --docker-root --docker-env-metadata-whitelist -o --format --host-root --config -v --verbose --help" ;;
    esac
    if [[ $current != -* && $command == cadvcli ]]; then
        options="machine containers stats watch serve export"
    fi
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
}
complete -F _cadvcli cadvcli
