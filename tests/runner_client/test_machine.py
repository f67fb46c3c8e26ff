from runner_client import gpus, machine
from runner_client.engines import Engine


def test_the_facts_have_every_key_of_the_protocol(tmp_path):
    here = machine.Machine(Engine("podman", "/usr/bin/podman"), [], "i-1")
    facts = machine.facts(here, tmp_path)
    assert facts["cpu_milli"] >= 1 and facts["memory_mib"] > 0 and facts["disk_free_mib"] > 0
    assert (facts["container_engine"], facts["instance_id"], facts["gpus"]) == ("podman", "i-1", [])
    assert all(isinstance(facts[key], str) for key in ("hostname", "os", "arch", "python"))


def test_a_cgroup_that_holds_back_processors_counts(tmp_path):
    (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
    (tmp_path / "sys/fs/cgroup/cpu.max").write_text("50000 100000\n")
    assert machine.cpu_milli(tmp_path) == 500


def test_an_older_cgroup_counts_too_and_no_limit_is_none(tmp_path):
    folder = tmp_path / "sys/fs/cgroup/cpu"
    folder.mkdir(parents=True)
    (folder / "cpu.cfs_period_us").write_text("100000")
    (folder / "cpu.cfs_quota_us").write_text("-1")
    assert machine.cpu_milli(tmp_path) % 1000 == 0
    (folder / "cpu.cfs_quota_us").write_text("25000")
    assert machine.cpu_milli(tmp_path) == 250


def test_memory_is_that_of_the_cgroup_when_it_is_less(tmp_path):
    for folder in ("proc", "sys/fs/cgroup"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text("MemTotal:       8388608 kB\nMemFree: 1 kB\n")
    assert machine.memory_mib(tmp_path) == 8192
    (tmp_path / "sys/fs/cgroup/memory.max").write_text(str(512 * 1024 * 1024))
    assert machine.memory_mib(tmp_path) == 512


def test_gpus_are_read_as_nvidia_smi_prints_them():
    table = "0, Tesla V100-SXM2-16GB, 16160\n1, NVIDIA A10G, 23028\nNo devices were found\n"
    assert gpus.parse(table) == [(0, "V100-SXM2-16GB", 16160), (1, "A10G", 23028)]


def test_each_gpu_is_given_to_one_job():
    allotment = gpus.Allotment(3)
    first, second = allotment.take(2), allotment.take(1)
    assert sorted(first + second) == [0, 1, 2]
    try:
        allotment.take(1)
    except gpus.NoFreeGpu as error:
        assert "1 GPUs and this machine has 0 free" in str(error)
    else:
        raise AssertionError("a GPU was given twice")
    allotment.give_back(first)
    assert allotment.take(2) == first
