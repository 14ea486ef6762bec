# fish completion for cadvcli
complete -c cadvcli -f
complete -c cadvcli -n "not __fish_seen_subcommand_from machine containers stats watch serve export" -a machine -d 'Show what this machine is: processors, memory, disks, networks.'
complete -c cadvcli -n "not __fish_seen_subcommand_from machine containers stats watch serve export" -a containers -d 'List containers.'
complete -c cadvcli -n "not __fish_seen_subcommand_from machine containers stats watch serve export" -a stats -d 'Show what containers use now.'
complete -c cadvcli -n "not __fish_seen_subcommand_from machine containers stats watch serve export" -a watch -d 'Watch containers live, or stream their events.'
complete -c cadvcli -n "not __fish_seen_subcommand_from machine containers stats watch serve export" -a serve -d 'Serve metrics, the cAdvisor API and the web pages.'
complete -c cadvcli -n "not __fish_seen_subcommand_from machine containers stats watch serve export" -a export -d 'Send samples of containers to a storage backend.'
complete -c cadvcli -n "not __fish_seen_subcommand_from machine containers stats watch serve export" -l host-root -d 'Folder in which the machine\'s files are found; unset: /rootfs in a container that has them there, else /' -r -F
complete -c cadvcli -n "not __fish_seen_subcommand_from machine containers stats watch serve export" -l config -d 'Configuration file; unset: /etc/cadvcli/cadvcli.toml where there is one' -r -F
complete -c cadvcli -n "not __fish_seen_subcommand_from machine containers stats watch serve export" -s v -l verbose -d 'Tell more on stderr; twice for everything'
complete -c cadvcli -n "not __fish_seen_subcommand_from machine containers stats watch serve export" -s V -l version -d 'Print the version and end'
complete -c cadvcli -n "__fish_seen_subcommand_from machine" -s o -l format -d 'Output format' -x -a 'table json'
complete -c cadvcli -n "__fish_seen_subcommand_from machine" -l host-root -d 'Folder in which the machine\'s files are found; unset: /rootfs in a container that has them there, else /' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from machine" -l config -d 'Configuration file; unset: /etc/cadvcli/cadvcli.toml where there is one' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from machine" -s v -l verbose -d 'Tell more on stderr; twice for everything'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -s a -l all -d 'Stopped containers too'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l no-all -d 'Not: Stopped containers too'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -s q -l quiet -d 'Ids only'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l no-quiet -d 'Not: Ids only'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -s s -l size -d 'What each has written: walks through its files'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l no-size -d 'Not: What each has written: walks through its files'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l timeout -d 'With --size: walk no longer than this' -x
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l tree -d 'Draw the cgroup tree'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l no-tree -d 'Not: Draw the cgroup tree'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l raw -d 'Plain cgroups too, not only containers'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l no-raw -d 'Not: Plain cgroups too, not only containers'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l no-trunc -d 'Cut nothing off to fit the terminal'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l trunc -d 'Not: Cut nothing off to fit the terminal'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l columns -d 'Columns to show, in this order; \'help\' lists them' -x
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l docker -d 'Docker\'s endpoint' -x
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l docker-root -d 'Docker\'s data folder, read where Docker doesn\'t answer' -x
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l docker-env-metadata-whitelist -d 'Environment variables of containers that are kept, by prefix' -x
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -s o -l format -d 'Output format' -x -a 'table wide json jsonl csv tsv'
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l host-root -d 'Folder in which the machine\'s files are found; unset: /rootfs in a container that has them there, else /' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -l config -d 'Configuration file; unset: /etc/cadvcli/cadvcli.toml where there is one' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from containers" -s v -l verbose -d 'Tell more on stderr; twice for everything'
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l raw -d 'Plain cgroups too, not only containers'
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l no-raw -d 'Not: Plain cgroups too, not only containers'
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l no-trunc -d 'Cut nothing off to fit the terminal'
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l trunc -d 'Not: Cut nothing off to fit the terminal'
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l columns -d 'Columns to show, in this order; \'help\' lists them' -x
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l window -d 'Time between the two samples that rates are made of' -x
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l interval -d 'Go on, with new numbers this often' -x
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l count -d 'Stop after so many rounds' -x
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l docker -d 'Docker\'s endpoint' -x
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l docker-root -d 'Docker\'s data folder, read where Docker doesn\'t answer' -x
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l docker-env-metadata-whitelist -d 'Environment variables of containers that are kept, by prefix' -x
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -s o -l format -d 'Output format' -x -a 'table wide json jsonl csv tsv'
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l host-root -d 'Folder in which the machine\'s files are found; unset: /rootfs in a container that has them there, else /' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -l config -d 'Configuration file; unset: /etc/cadvcli/cadvcli.toml where there is one' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from stats" -s v -l verbose -d 'Tell more on stderr; twice for everything'
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l raw -d 'Plain cgroups too, not only containers'
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l no-raw -d 'Not: Plain cgroups too, not only containers'
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l columns -d 'Columns to show, in this order; \'help\' lists them' -x
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l interval -d 'Time between two refreshes of the screen' -x
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l events -d 'Stream lifecycle events instead of drawing a screen'
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l no-events -d 'Not: Stream lifecycle events instead of drawing a screen'
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l count -d 'With events: stop after so many' -x
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l timeout -d 'Stop after this long, with exit status 124' -x
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l docker -d 'Docker\'s endpoint' -x
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l docker-root -d 'Docker\'s data folder, read where Docker doesn\'t answer' -x
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l docker-env-metadata-whitelist -d 'Environment variables of containers that are kept, by prefix' -x
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -s o -l format -d 'Format of events; unset: a table on a terminal, else jsonl' -x -a 'table jsonl'
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l host-root -d 'Folder in which the machine\'s files are found; unset: /rootfs in a container that has them there, else /' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -l config -d 'Configuration file; unset: /etc/cadvcli/cadvcli.toml where there is one' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from watch" -s v -l verbose -d 'Tell more on stderr; twice for everything'
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l listen-ip -d 'Address to listen on' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l port -d 'TCP port to listen on; 0 picks a free one' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l scrape-timeout -d 'Answer with older samples when a sweep takes longer' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l prometheus-endpoint -d 'Path of the metrics page' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l answer-cache -d 'Memory for encoded samples that the next answer shares' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l enable-metrics -d 'Metric kinds to collect, just these; unset: those that are on by default' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l disable-metrics -d 'Metric kinds not to collect, instead of those that are off by default; all others are on' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l housekeeping-interval -d 'Base interval between samples of one container' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l max-housekeeping-interval -d 'The longest that an idle container\'s interval grows to' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l allow-dynamic-housekeeping -d 'Double the interval of a container in which nothing moves'
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l no-allow-dynamic-housekeeping -d 'Not: Double the interval of a container in which nothing moves'
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l global-housekeeping-interval -d 'Interval between full re-lists of the cgroup tree' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l storage-duration -d 'Age of the samples kept in memory' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l max-descriptors -d 'Most cgroup files kept open, at 4.7 kB of kernel memory each' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l perf-events-config -d 'JSON file that names the perf events to count; unset: none' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l resctrl-interval -d 'Interval at which resctrl groups are made and mended; 0: never' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l enable-load-reader -d 'Count tasks by their states, for kind cpuLoad'
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l no-enable-load-reader -d 'Not: Count tasks by their states, for kind cpuLoad'
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l referenced-reset-interval -d 'Samples after which the kernel forgets what was used; 0: never' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l docker -d 'Docker\'s endpoint' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l docker-root -d 'Docker\'s data folder, read where Docker doesn\'t answer' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l docker-env-metadata-whitelist -d 'Environment variables of containers that are kept, by prefix' -x
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l host-root -d 'Folder in which the machine\'s files are found; unset: /rootfs in a container that has them there, else /' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -l config -d 'Configuration file; unset: /etc/cadvcli/cadvcli.toml where there is one' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from serve" -s v -l verbose -d 'Tell more on stderr; twice for everything'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l window -d 'Time between the two samples that rates are made of' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l driver -d 'Where the samples go, with its options: NAME:KEY=VALUE,KEY=VALUE' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l once -d 'Send one sample of each container and end: for cron'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l no-once -d 'Not: Send one sample of each container and end: for cron'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l interval -d 'Time between two samples sent, without --once' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l containers -d 'Only these containers, named as for stats' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l dry-run -d 'Print what would be sent, and send nothing'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l no-dry-run -d 'Not: Print what would be sent, and send nothing'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l drain-timeout -d 'Time to send what still waits when it ends' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l machine-name -d 'This machine\'s name in what is sent; unset: its host name' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l list-drivers -d 'List the drivers and their options, and end'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l no-list-drivers -d 'Not: List the drivers and their options, and end'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l storage-driver-host -d 'HOST:PORT of the backend' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l storage-driver-db -d 'Database' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l storage-driver-user -d 'User' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l storage-driver-password -d 'Password; better in the environment' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l storage-driver-secure -d 'Use TLS'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l no-storage-driver-secure -d 'Not: Use TLS'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l storage-driver-table -d 'Table; influxdb and stdout have none' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l storage-driver-influxdb-retention-policy -d 'Retention policy of influxdb' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l enable-metrics -d 'Metric kinds to collect, just these; unset: those that are on by default' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l disable-metrics -d 'Metric kinds not to collect, instead of those that are off by default; all others are on' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l global-housekeeping-interval -d 'Interval between full re-lists of the cgroup tree' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l max-descriptors -d 'Most cgroup files kept open, at 4.7 kB of kernel memory each' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l perf-events-config -d 'JSON file that names the perf events to count; unset: none' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l resctrl-interval -d 'Interval at which resctrl groups are made and mended; 0: never' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l enable-load-reader -d 'Count tasks by their states, for kind cpuLoad'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l no-enable-load-reader -d 'Not: Count tasks by their states, for kind cpuLoad'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l referenced-reset-interval -d 'Samples after which the kernel forgets what was used; 0: never' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l docker -d 'Docker\'s endpoint' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l docker-root -d 'Docker\'s data folder, read where Docker doesn\'t answer' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l docker-env-metadata-whitelist -d 'Environment variables of containers that are kept, by prefix' -x
complete -c cadvcli -n "__fish_seen_subcommand_from export" -s o -l format -d 'Layout of driver stdout; unset: cadvisor' -x -a 'cadvisor jsonl influx'
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l host-root -d 'Folder in which the machine\'s files are found; unset: /rootfs in a container that has them there, else /' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from export" -l config -d 'Configuration file; unset: /etc/cadvcli/cadvcli.toml where there is one' -r -F
complete -c cadvcli -n "__fish_seen_subcommand_from export" -s v -l verbose -d 'Tell more on stderr; twice for everything'
