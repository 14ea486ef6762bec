from cadvcli.model.stats import CacheStats, HugetlbStats, MemoryBandwidthStats, PerfStat, ResctrlStats
from cadvcli.storage.measurements import measurements
from tests.storage.records import cpu, filesystem, memory, network, stats


def test_names_and_order_are_those_of_cadvisors_influxdb_driver():
    found = measurements(
        stats(
            cpu=cpu(load_average=0),
            memory=memory(
                max_usage=1, cache=1, rss=1, swap=1, mapped_file=1, total_active_file=1, total_inactive_file=1,
                failcnt=0,
            ),
            network=network(),
            hugetlb={"2MB": HugetlbStats(usage=5, max_usage=6, failcnt=7)},
            filesystem=[filesystem("/dev/sda1", 4096)],
            referenced_memory=3,
        )
    )
    assert [each.name for each in found] == [
        "cpu_usage_total", "cpu_usage_system", "cpu_usage_user", "cpu_usage_per_cpu", "cpu_usage_per_cpu",
        "load_average", "rx_bytes", "rx_errors", "tx_bytes", "tx_errors", "referenced_memory",
        "memory_usage", "memory_max_usage", "memory_cache", "memory_rss", "memory_swap", "memory_mapped_file",
        "memory_working_set", "memory_total_active_file", "memory_total_inactive_file", "memory_failcnt",
        "memory_failure", "memory_failure", "memory_failure", "memory_failure",
        "hugetlb_usage", "hugetlb_max_usage", "hugetlb_failcnt", "fs_usage", "fs_limit",
    ]  # fmt: skip


def test_perf_events_have_their_cpu_and_name():
    sample = stats(cpu=None, memory=None)
    sample.perf_stats = [PerfStat(scaling_ratio=0.5, value=7, name="cycles", cpu=3)]
    assert [(each.name, dict(each.labels), each.value) for each in measurements(sample)] == [
        ("perf_stat", {"cpu": "3", "name": "cycles"}, 7)
    ]


def test_caches_have_the_number_of_their_place():
    sample = stats(cpu=None, memory=None)
    sample.resctrl = ResctrlStats(
        memory_bandwidth=[MemoryBandwidthStats(mbm_total_bytes=2, mbm_local_bytes=None)],
        cache=[CacheStats(llc_occupancy=3), CacheStats(llc_occupancy=4)],
    )
    assert [(each.name, dict(each.labels), each.value) for each in measurements(sample)] == [
        ("resctrl_memory_bandwidth_total", {"node_id": "0"}, 2),
        ("resctrl_llc_occupancy", {"node_id": "0"}, 3),
        ("resctrl_llc_occupancy", {"node_id": "1"}, 4),
    ]


def test_each_kind_of_fault_keeps_its_own_labels():
    faults = [each for each in measurements(stats(memory=memory())) if each.name == "memory_failure"]
    assert [(dict(each.labels), each.value) for each in faults] == [
        ({"scope": "container", "failure_type": "pgfault"}, 12),
        ({"scope": "container", "failure_type": "pgmajfault"}, 1),
        ({"scope": "hierarchical", "failure_type": "pgfault"}, 14),
        ({"scope": "hierarchical", "failure_type": "pgmajfault"}, 2),
    ]


def test_what_the_kernel_did_not_give_is_left_out_and_zero_is_not():
    names = {each.name: each.value for each in measurements(stats(memory=memory(swap=0, cache=None)))}
    assert names["memory_swap"] == 0
    assert "memory_cache" not in names
    assert "referenced_memory" not in names


def test_a_sample_without_sections_has_nothing_to_say():
    assert list(measurements(stats())) == []
